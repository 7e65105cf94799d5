namespace AutoTune.Kernel.Tests.Execution;

[TestClass]
public sealed class LastCheckpointTests
{
    [TestMethod]
    public async Task LastCheckpoint_AfterAnAttemptThatFailed_IsItsNewest()
    {
        var folder = Directory.CreateTempSubdirectory("autotune-test-").FullName;
        List<int?> seen = [];
        var space = new SearchSpaceBuilder();
        space.AddReal("x", 0, 1);
        await new StudyBuilder("checkpoints").WithSearchSpace(space).Minimize("loss").ForTrials(1).SaveArtifactsIn(folder).RunAsync(trial =>
        {
            seen.Add(trial.Artifacts.LastCheckpoint);
            if (trial.Artifacts.LastCheckpoint is { } last)
            {
                using var checkpoint = trial.Artifacts.OpenCheckpoint(last)!;
                Assert.IsNull(trial.Artifacts.OpenCheckpoint(9));
                return checkpoint.ReadByte();
            }

            trial.Artifacts.WriteCheckpoint(9, file => file.WriteByte(1));
            trial.Artifacts.WriteCheckpoint(10, file => file.WriteByte(2));
            File.WriteAllText(Path.Combine(trial.ArtifactDirectory, "checkpoint-11.part"), "half");
            File.WriteAllText(Path.Combine(trial.ArtifactDirectory, "checkpoint-of-mine"), "none");
            throw new IOException("The power went out.");
        });
        Assert.AreSequenceEqual(new int?[] { null, 10 }, seen);
        Directory.Delete(folder, recursive: true);
    }
}
