using AutoTune.Journals;
using AutoTune.Kernel.Tests.Studies;

namespace AutoTune.Kernel.Tests;

[TestClass]
public sealed class GradientTests
{
    [TestMethod]
    [DataRow(false, 2)]
    [DataRow(true, -2)]
    public async Task Gradient_OfAValue_IsKeptAsThatOfTheLoss(bool maximize, double expected)
    {
        var journal = new MemoryJournal();
        var study = Toy.Study(out var x, out _).UseJournal(_ => journal).ForTrials(1);
        if (maximize) study.Maximize("gain");
        var result = await study.RunAsync(trial => new TrialValues(trial.Configuration.Get(x)).WithGradient(x, 2));
        var completed = (TrialOutcome.Completed)result.View.Trials[0].Outcome!;
        Assert.AreEqual(expected, completed.Gradient["x"]);
        Assert.AreEqual(completed, StudyView.Of([.. journal.Read()]).Trials[0].Outcome);
    }

    [TestMethod]
    public async Task Gradient_OfWhatIsNotReal_FailsTheTrialAndSaysWhy()
    {
        await Expect("Hyperparameter 'n' is a whole number; a gradient has derivatives by real hyperparameters only: leave it out, or declare it real.", "n");
        await Expect("Hyperparameter 'kind' is a choice; a gradient has derivatives by real hyperparameters only: leave it out, or declare it real.", "kind");
        await Expect("The objective returned a derivative by 'nothing', which is not in the space, which has x, n, kind, share; use one of these.", "nothing");
        await Expect("The objective returned a derivative by 'share', which is inactive in this trial: it exists only when kind = shared; leave it out there.", "share");

        static async Task Expect(string message, string name)
        {
            var error = await Assert.ThrowsExactlyAsync<StudyFailedException>(() => Study(out _).ForTrials(1).RunAsync(_ => new TrialValues(1).WithGradient(name, 1)));
            Assert.AreEqual(message, ((TrialOutcome.Failed)error.View.Trials[0].Outcome!).Error.Message);
        }
    }

    [TestMethod]
    public void WithGradient_OfAHandleThatIsNotReal_IsRefusedAtOnce()
    {
        Study(out var n);
        var error = Assert.ThrowsExactly<ArgumentException>(() => new TrialValues(1).WithGradient(n, 1));
        StringAssert.Contains(error.Message, "Hyperparameter 'n' is a whole number;");
    }

    [TestMethod]
    public async Task Gradient_ThatIsNotFinite_IsLeftOutWithAWarning()
    {
        var result = await Toy.Study(out var x, out _).ForTrials(3).RunAsync(trial => new TrialValues(trial.Configuration.Get(x))
            .WithGradient(x, trial.Id.Number == 0 ? 1 : double.NaN));
        Assert.AreEqual(3, result.View.CompletedCount);
        Assert.AreSequenceEqual([1, 0, 0], result.View.Trials.Select(trial => ((TrialOutcome.Completed)trial.Outcome!).Gradient.Count));
        Assert.AreSequenceEqual(["Derivatives that were not finite have been left out in 2 trials; that of trial 1 by 'x' was NaN."], result.Warnings);
    }

    [TestMethod]
    public async Task Gradient_OfASpaceThatTheObjectiveDeclares_IsCheckedAgainstWhatItRead()
    {
        var result = await new StudyBuilder("declared").Minimize("loss").ForTrials(3).RunAsync(trial =>
        {
            var rate = trial.Real("rate", 1e-3, 1, Scale.Log);
            return new TrialValues(rate).WithGradient("rate", 1);
        });
        Assert.IsTrue(result.View.Trials.All(trial => ((TrialOutcome.Completed)trial.Outcome!).Gradient["rate"] == 1));
    }

    private static StudyBuilder Study(out Hyperparameter<int> n)
    {
        var builder = new SearchSpaceBuilder();
        builder.AddReal("x", 0, 1);
        n = builder.AddInteger("n", 1, 9);
        var kind = builder.AddCategorical("kind", ["plain", "shared"]);
        builder.AddReal("share", 0, 1, activeWhen: kind.Is("shared"));
        var space = builder.Build();
        return new StudyBuilder("gradients").WithSearchSpace(space).Minimize("loss").TryDefaultsFirst();
    }
}
