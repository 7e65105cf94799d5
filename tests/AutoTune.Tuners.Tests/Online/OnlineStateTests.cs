using AutoTune.Tuners.Online;

namespace AutoTune.Tuners.Tests.Online;

/// <summary>What a live model does with states that are not its own, damaged ones, and after its end.</summary>
[TestClass]
public sealed class OnlineStateTests
{
    [TestMethod]
    public void Load_OfAnotherSpace_NamesTheDifference()
    {
        using var saved = Learnt(new LinearLearner());
        foreach (var (other, text) in ((LinearLearner, string)[])
        [
            (new LinearLearner(high: 2), "it has 'rate' from 0.0001 to 1, log scale where this one has 'rate' from 0.0001 to 2, log scale; go on with the space"),
            (new LinearLearner(rules: (space, _) => space.AddInteger("size", 1, 9)), "it has nothing where this one has 'size' whole numbers from 1 to 9"),
            (new LinearLearner(rules: (space, _) => space.Require("any", _ => true)), "it has nothing where this one has the constraint 'any'"),
        ])
        {
            using var tuner = Tuner(other);
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => tuner.Load(new MemoryStream(State(saved)))).Message, text);
        }
    }

    [TestMethod]
    public void Load_OfADamagedState_LeavesTheTunerAsItWas()
    {
        var learner = new LinearLearner();
        using var saved = Learnt(learner, 6);
        var state = State(saved);
        using var tuner = Learnt(learner, 7);
        var (before, live, changes) = (State(tuner), learner.Live, tuner.Changes.Count);
        foreach (var length in (int[])[state.Length / 8, state.Length / 3, state.Length / 2, state.Length * 3 / 4, state.Length - 1])
        {
            Assert.ThrowsExactly<InvalidDataException>(() => tuner.Load(new MemoryStream(state[..length])));
            CollectionAssert.AreEqual(before, State(tuner), $"after {length} of {state.Length} bytes");
            Assert.AreEqual(live, learner.Live);
        }

        tuner.Load(new MemoryStream(state));
        CollectionAssert.AreEqual(state, State(tuner));
        Assert.AreNotEqual(changes, tuner.Changes.Count);
    }

    [TestMethod]
    public void Load_OfTheVersionBefore_SaysWhichVersionReadsIt()
    {
        using var saved = Learnt(new LinearLearner());
        var state = State(saved);
        Assert.AreEqual(3, state[5], "after the length of ATON and its letters");
        state[5] = 2;
        using var tuner = Tuner(new LinearLearner());
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => tuner.Load(new MemoryStream(state))).Message, "The state has version 2, this AutoTune reads version 3; go on with the version that wrote it.");
    }

    [TestMethod]
    public void Everything_AfterDispose_SaysThatItWasDisposed()
    {
        var tuner = Learnt(new LinearLearner());
        var (state, batch) = (State(tuner), LinearStream.Of(1, 1).Single());
        tuner.Dispose();
        tuner.Dispose();
        foreach (var use in (Action[])[() => tuner.Learn(batch, LinearStream.Examples), () => tuner.Predict(batch), () => tuner.Save(new MemoryStream()),
            () => tuner.Load(new MemoryStream(state)), () => _ = tuner.Configuration, () => _ = tuner.Champion, () => _ = tuner.Members])
            Assert.ThrowsExactly<ObjectDisposedException>(use);
    }

    private static byte[] State(OnlineTuner<(double[][] X, double[] Y), double[]> tuner)
    {
        using var stream = new MemoryStream();
        tuner.Save(stream);
        return stream.ToArray();
    }

    private static OnlineTuner<(double[][] X, double[] Y), double[]> Learnt(LinearLearner learner, int seed = 6)
    {
        var tuner = Tuner(learner);
        foreach (var batch in LinearStream.Of(seed, 60 + seed, 30)) tuner.Learn(batch, LinearStream.Examples);
        return tuner;
    }

    private static OnlineTuner<(double[][] X, double[] Y), double[]> Tuner(LinearLearner learner) => new(learner.Space, learner, new OnlineOptions { Seed = 6, Raised = [learner.Rate] });
}
