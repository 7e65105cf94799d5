namespace AutoTune.Tests;

[TestClass]
public sealed class ConsoleCancellationTests
{
    [TestMethod]
    public void Press_FirstAndSecondTime_CancelsThenLetsTheProcessEnd()
    {
        using var ctrlC = new ConsoleCancellation();
        Assert.IsFalse(ctrlC.Token.IsCancellationRequested);
        Assert.IsTrue(ctrlC.Press());
        Assert.IsTrue(ctrlC.Token.IsCancellationRequested);
        Assert.IsFalse(ctrlC.Press());
    }

    [TestMethod]
    public void Token_AfterDispose_CanStillBeAsked()
    {
        var ctrlC = new ConsoleCancellation();
        ctrlC.Dispose();
        Assert.IsFalse(ctrlC.Token.IsCancellationRequested);
    }
}
