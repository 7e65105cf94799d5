using System.Diagnostics;

namespace AutoTune.Sqlite.Tests;

/// <summary>A short run of the fault campaign, <c>tests/AutoTune.Faults</c>.</summary>
[TestClass]
public sealed class FaultCampaignTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task Campaign_AFewKillsAndEveryOtherFault_LosesNothing()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "AutoTune.Faults.dll"), "--kills", "10" }) start.ArgumentList.Add(argument);
        using var campaign = Process.Start(start)!;
        var table = await campaign.StandardOutput.ReadToEndAsync(TestContext.CancellationToken);
        await campaign.WaitForExitAsync(TestContext.CancellationToken);
        TestContext.WriteLine(table);
        Assert.AreEqual(0, campaign.ExitCode, table);
        Assert.DoesNotContain("FAILED", table);
    }
}
