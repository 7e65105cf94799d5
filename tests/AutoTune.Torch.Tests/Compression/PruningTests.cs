using AutoTune.Scheduling;
using AutoTune.Torch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace AutoTune.Torch.Compression;

[TestClass]
public sealed class PruningTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("autotune-torch").FullName;

    [TestCleanup]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void SparsityAt_Steps_IsTheCubicLawOfZhuAndGupta()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(4, 5);
        var pruning = new MagnitudePruning(net, .8, 10, 110);
        Assert.AreEqual(0, pruning.SparsityAt(0));
        Assert.AreEqual(0, pruning.SparsityAt(10));
        Assert.AreEqual(.8 * (1 - .5 * .5 * .5), pruning.SparsityAt(60), 1e-12);
        Assert.AreEqual(.8, pruning.SparsityAt(110), 1e-12);
        Assert.AreEqual(.8, pruning.SparsityAt(999), 1e-12);
        Assert.AreEqual(2, pruning.Interval);
    }

    [TestMethod]
    public void Apply_AtTheEnd_LeavesTheLargestOfAllLayersAndNoBiasTouched()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Sequential(("a", nn.Linear(2, 2)), ("b", nn.Linear(2, 2)));
        using (no_grad())
        {
            var named = net.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
            named["a.weight"].copy_(tensor(new[] { .1f, -5, .2f, 6 }).reshape(2, 2));
            named["b.weight"].copy_(tensor(new[] { 1f, -2, 3, .3f }).reshape(2, 2));
            named["a.bias"].fill_(.01f);
        }

        var pruning = new MagnitudePruning(net, .5, 0, 10);
        pruning.Apply(10);
        var weights = net.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.data<float>().ToArray());
        CollectionAssert.AreEqual(new[] { 0f, -5, 0, 6 }, weights["a.weight"]);
        CollectionAssert.AreEqual(new[] { 0f, -2, 3, 0 }, weights["b.weight"]);
        CollectionAssert.AreEqual(new[] { .01f, .01f }, weights["a.bias"]);
        using (no_grad()) net.parameters().First().fill_(1);
        pruning.Apply(11);
        CollectionAssert.AreEqual(new[] { 0f, 1, 0, 1 }, net.parameters().First().data<float>().ToArray(), "what is pruned stays so");
    }

    [TestMethod]
    public async Task AddPruning_InTrialsThatArePromoted_GoesOnBitForBit()
    {
        var whole = await Study(study => study);
        var promoted = await Study(study => study.UseAsha(new AshaOptions { MaxBudget = 9, Form = AshaForm.Promotion }));
        Assert.IsTrue(promoted.View.Trials.Any(trial => trial.PausedAtStep > 0 && trial.Reports.Count > trial.PausedAtStep), "no trial was resumed");
        foreach (var trial in promoted.View.Trials)
            CollectionAssert.AreEqual(whole.View[trial.Id].Reports.Take(trial.Reports.Count).ToList(), trial.Reports.ToList(), $"{trial.Id}");
        foreach (var trial in whole.View.Trials)
        {
            var wanted = (double)trial.Configuration.Values.Single(value => value.Hyperparameter.Name == "pruning.FinalSparsity").Value;
            Assert.AreEqual(wanted, ((TrialOutcome.Completed)trial.Outcome!).Metrics["sparsity"], .02, "a metric that the objective returned beside its value");
        }
    }

    [TestMethod]
    public void MagnitudePruning_WithBadInput_SaysWhatIsWrong()
    {
        using var net = nn.Linear(2, 2);
        using var none = nn.BatchNorm1d(3);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new MagnitudePruning(none, .5, 0, 10)).Message, "has no weights to prune: none of its parameters has two dimensions.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new MagnitudePruning(net, .5, 10, 10)).Message, "Pruning goes from step 10 to step 10; the first must be at least 0, the last after it.");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MagnitudePruning(net, 1, 0, 10)).Message, "The final sparsity must be at least 0 and below 1.");
    }

    private Task<StudyResult> Study(Func<StudyBuilder, StudyBuilder> more)
    {
        var space = Circles.Space(out var rate);
        var prunings = space.AddPruning("pruning");
        var study = new StudyBuilder("pruning").WithSearchSpace(space).Minimize("loss").WithSeed(4).ForTrials(9).WithEpochs(9).UseRandom().SaveArtifactsIn(Path.Combine(_folder, Guid.NewGuid().ToString("N")));
        return more(study).TuneTorchAsync(trial =>
        {
            var net = trial.Keep("net", nn.Sequential(("hidden", nn.Linear(2, 16)), ("tanh", nn.Tanh()), ("out", nn.Linear(16, 1))));
            var optimizer = trial.KeepOptimizer("optimizer", optim.AdamW(net.parameters(), trial.Configuration.Get(rate)));
            var pruning = prunings.Create(trial, net, stepsPerEpoch: 4);
            var points = new RandomSource(1);
            var x = tensor(Enumerable.Range(0, 128).Select(_ => (float)points.NextGaussian()).ToArray()).reshape(64, 2);
            var y = (x.square().sum(1, keepdim: true) < 1).to(ScalarType.Float32);
            double last = 0;
            foreach (var epoch in trial.Epochs())
            {
                for (var step = 0; step < 4; step++)
                {
                    trial.Descend(nn.functional.binary_cross_entropy_with_logits(net.call(x), y), optimizer);
                    pruning.Apply((epoch - 1) * 4 + step);
                }

                using var none = no_grad();
                last = nn.functional.binary_cross_entropy_with_logits(net.call(x), y).item<float>();
                if (!trial.Report(epoch, last).IsContinue) break;
            }

            return new TrialValues(last).With("sparsity", 1 - net.parameters().Where(parameter => parameter.dim() > 1).Sum(weight => weight.count_nonzero().item<long>()) / 48.0);
        });
    }
}
