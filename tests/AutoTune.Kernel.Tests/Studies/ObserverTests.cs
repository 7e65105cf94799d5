namespace AutoTune.Kernel.Tests.Studies;

[TestClass]
public sealed class ObserverTests
{
    [TestMethod]
    public async Task Run_AtItsEnd_DisposesObserversAfterTheLastFact()
    {
        var observer = new Recorder();
        var result = await Toy.Study().Observe(observer).ForTrials(3).RunAsync(Toy.Value);
        Assert.AreEqual(result.View.EventCount, observer.Facts);
        Assert.IsTrue(observer.IsDisposed);
    }

    [TestMethod]
    public void Dispose_Twice_DisposesObserversOnce()
    {
        var observer = new Recorder { FailsOnSecondDispose = true };
        var study = Toy.Study().Observe(observer).Open();
        study.Dispose();
        study.Dispose();
        Assert.IsEmpty(study.Result.Warnings);
    }

    [TestMethod]
    public void Dispose_OfAnObserverThatThrows_IsAWarning()
    {
        var first = new Recorder { FailsOnDispose = true };
        var second = new Recorder();
        var study = Toy.Study().Observe(first).Observe(second).Open();
        study.Dispose();
        Assert.AreEqual("Observer Recorder threw when it was disposed: stuck", study.Result.Warnings.Single());
        Assert.IsTrue(second.IsDisposed);
    }

    [TestMethod]
    public void Dispose_OfAnObserverThatWasDropped_StillHappens()
    {
        var observer = new Recorder { FailsOnEvent = true };
        Toy.Study().Observe(observer).Open().Dispose();
        Assert.IsTrue(observer.IsDisposed);
    }

    [TestMethod]
    public void ReplaceObserver_OfTheSameType_LeavesTheLater()
    {
        Recorder first = new(), second = new();
        Toy.Study().ReplaceObserver(first).ReplaceObserver(second).Open().Dispose();
        Assert.AreEqual(0, first.Facts);
        Assert.AreEqual(1, second.Facts);
    }

    [TestMethod]
    public void ReplaceObserver_ByNull_LeavesNone()
    {
        var observer = new Recorder();
        Toy.Study().ReplaceObserver(observer).ReplaceObserver((Recorder?)null).Open().Dispose();
        Assert.AreEqual(0, observer.Facts);
    }

    [TestMethod]
    public void Limits_OfABuilder_AreShown()
    {
        var study = Toy.Study();
        Assert.IsNull(study.TrialLimit);
        Assert.IsNull(study.TimeLimit);
        study.ForTrials(7).ForAtMost(TimeSpan.FromSeconds(9));
        Assert.AreEqual(7, study.TrialLimit);
        Assert.AreEqual(TimeSpan.FromSeconds(9), study.TimeLimit);
    }

    private sealed class Recorder : IStudyObserver, IDisposable
    {
        public bool FailsOnEvent { get; init; }

        public bool FailsOnDispose { get; init; }

        public bool FailsOnSecondDispose { get; init; }

        public int Facts { get; private set; }

        public bool IsDisposed { get; private set; }

        public void OnEvent(StudyEvent studyEvent, StudyView study)
        {
            if (FailsOnEvent) throw new InvalidOperationException("no");
            Assert.IsFalse(IsDisposed);
            Facts++;
        }

        public void Dispose()
        {
            if (FailsOnDispose || (IsDisposed && FailsOnSecondDispose)) throw new InvalidOperationException("stuck");
            IsDisposed = true;
        }
    }
}
