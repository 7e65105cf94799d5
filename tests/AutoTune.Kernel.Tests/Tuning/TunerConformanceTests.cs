using System.Globalization;
using AutoTune.Testing;
using AutoTune.Tuning;

namespace AutoTune.Kernel.Tests.Tuning;

/// <summary>The kit finds each of these faults, and by the law that is meant to.</summary>
[TestClass]
public sealed class TunerConformanceTests
{
    public enum Fault { None, BreaksConstraints, AnotherSpace, CountsAsks, KeepsRandomState, ForgetsOnReplay, FormatsInTheCulture, DiesOfFailures, DiesOfForeigners, RepeatsPending, WaitsForNothing, NoReason, ThrowsOnHugeLosses, DiesOfEmptySpaces }

    [TestMethod]
    [DataRow(Fault.None, null)]
    [DataRow(Fault.BreaksConstraints, "Proposals are of the space and meet its constraints: constrained")]
    [DataRow(Fault.AnotherSpace, "Proposals are of the space and meet its constraints: continuous")]
    [DataRow(Fault.CountsAsks, "Asking changes nothing: continuous")]
    [DataRow(Fault.KeepsRandomState, "Asking changes nothing: everything")]
    [DataRow(Fault.ForgetsOnReplay, "Telling finished trials again restores a tuner: continuous")]
    [DataRow(Fault.FormatsInTheCulture, "Proposals do not depend on the culture: continuous")]
    [DataRow(Fault.DiesOfFailures, "Trials of any outcome and origin are taken: everything")]
    [DataRow(Fault.DiesOfForeigners, "Trials of any outcome and origin are taken: continuous")]
    [DataRow(Fault.RepeatsPending, "Pending trials on a continuum are not proposed again")]
    [DataRow(Fault.WaitsForNothing, "A tuner waits only while something is pending, and says why it has had enough")]
    [DataRow(Fault.NoReason, "A tuner waits only while something is pending, and says why it has had enough")]
    [DataRow(Fault.ThrowsOnHugeLosses, "Losses are taken that are of both extremes: continuous")]
    [DataRow(Fault.DiesOfEmptySpaces, "Proposals are of the space and meet its constraints: empty")]
    public async Task Laws_ATunerWithAFault_AreBroken(Fault fault, string? broken)
    {
        var failures = new List<string>();
        foreach (var law in new Conformance(fault).Laws())
        {
            try
            {
                await law.Check();
            }
            catch (ConformanceException error)
            {
                Assert.StartsWith(law.Name, error.Message);
                failures.Add(law.Name);
            }
        }

        if (broken is null) Assert.IsEmpty(failures);
        else Assert.Contains(broken, failures);
    }

    private sealed class Conformance(Fault fault) : TunerConformance
    {
        protected override ITuner Create(SearchSpace space, RandomSource random) => new FaultyTuner(fault, space, random);
    }

    private sealed class FaultyTuner(Fault fault, SearchSpace space, RandomSource random) : ITuner
    {
        private readonly HashSet<TrialId> _proposed = []; // membership only
        private int _asks;
        private int _told;

        public Proposal Ask(AskRequest request)
        {
            _asks++;
            _proposed.Add(request.Trial);
            return fault switch
            {
                Fault.BreaksConstraints => new Proposal.Evaluate(space.Encoding.Decode([.. space.Hyperparameters.Select(_ => request.Random.NextDouble())])),
                Fault.AnotherSpace => new Proposal.Evaluate(SpaceZoo.Everything.Default),
                Fault.CountsAsks => new Proposal.Evaluate(space.Sample(random.Fork("ask", _asks))),
                Fault.KeepsRandomState => new Proposal.Evaluate(space.Sample(random)),
                Fault.ForgetsOnReplay => new Proposal.Evaluate(space.Sample(random.Fork("told", _told))),
                Fault.FormatsInTheCulture => new Proposal.Evaluate(space.Sample(random.Fork(1.5.ToString(CultureInfo.CurrentCulture), request.Trial.Number))),
                Fault.RepeatsPending => new Proposal.Evaluate(space.Sample(random.Fork("told", _told))),
                Fault.WaitsForNothing when _told == 10 => new Proposal.WaitForResults(),
                Fault.NoReason when _told == 10 => new Proposal.Exhausted(""),
                Fault.DiesOfEmptySpaces => new Proposal.Evaluate(space.Sample(request.Random.Fork(space.Hyperparameters[0].Name))),
                _ => new Proposal.Evaluate(space.Sample(request.Random)),
            };
        }

        public void Tell(Trial trial)
        {
            _told += fault == Fault.ForgetsOnReplay && !_proposed.Contains(trial.Id) ? 0 : 1;
            if (fault == Fault.DiesOfFailures) Assert.AreNotEqual(0, trial.Loss!.Value + 1);
            if (fault == Fault.DiesOfForeigners && !_proposed.Contains(trial.Id)) throw new KeyNotFoundException($"{trial.Id} is unknown.");
            if (fault == Fault.ThrowsOnHugeLosses && trial.Loss is { } loss && !double.IsFinite(loss * 2)) throw new OverflowException();
        }
    }
}
