using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Scheduling;
using AutoTune.Tuning;

namespace AutoTune.Studies;

/// <summary>Where configurations come from: known points, then the tuner, a random one where the tuner repeats itself or fails.</summary>
/// <remarks>The only one who talks to the tuner, so that it is never called concurrently.</remarks>
internal sealed class Proposer(StudySettings settings, StudyLedger ledger, ImmutableArray<Configuration> knownPoints)
{
    // A tuner that repeats itself this often is stuck; a space of which this many draws are known is used up.
    private const int MaxRepeats = 10;
    private const int MaxDraws = 10_000;
    private const string KnownPoint = "known point";

    private readonly TriedConfigurations _tried = new(readsPart: settings.Space is null);
    private readonly List<(TrialId Trial, Configuration Configuration)> _known = []; // trials of known points
    private ITuner? _tuner;
    private SearchSpace? _space;
    private readonly List<Trial> _untold = []; // ended, of which the tuner cannot learn
    private int _told;
    private int _triedTrials;
    private int _triedFinished;
    private string? _firstFailure; // of the tuner, in this run
    private string? _warning;
    private int _drawnForFailure;

    /// <summary>What the trial of this number is to evaluate, and who says so.</summary>
    public (Proposal Proposal, string Origin) Propose(TrialId trial, WorkOrder.StartTrial order)
    {
        var view = ledger.View;
        Follow(view);
        // An objective that has yet to declare its space: nothing to choose, and no two trials alike.
        if (settings.Space is null && view.Space.Hyperparameters.IsEmpty) return (new Proposal.Evaluate(view.Space.Default), settings.TunerName);

        foreach (var known in knownPoints)
        {
            if (!_tried.Contains(known, order.Budget) && !HasHadAsMuch(known, order.Budget, view)) return (new Proposal.Evaluate(known), KnownPoint);
        }

        TrialError? failure = null;
        var random = new RandomSource(view.Seed).Fork("ask", trial.Number);
        try
        {
            TellNews(view);
            ImmutableArray<Trial> pending = [.. view.Paused.Union(view.Running).Union(view.Waiting).Select(id => AsProposed(view[id])), .. _untold];
            var tags = order.Tags.Ordinal();
            for (var attempt = 0; attempt < MaxRepeats; attempt++)
            {
                var proposal = _tuner!.Ask(new AskRequest(trial, order.Budget, tags, pending, random.Fork("attempt", attempt)));
                if (proposal is not Proposal.Evaluate evaluate) return (proposal, settings.TunerName);
                Check(evaluate.Configuration, view.Space);
                if (IsNew(evaluate.Configuration, order.Budget)) return (proposal, evaluate.Origin ?? settings.TunerName);
            }
        }
        catch (Exception error)
        {
            failure = TrialError.Of(error);
            ledger.Record(new TunerFailed(trial, failure));
        }

        for (var draw = 0; draw < MaxDraws; draw++)
        {
            var configuration = view.Space.Sample(random);
            if (!IsNew(configuration, order.Budget)) continue;
            if (failure is not null) Warn(trial, failure);
            return (new Proposal.Evaluate(configuration), "random");
        }

        return (new Proposal.Exhausted(view.Space.Cardinality() is { } all && all <= _tried.Count
            ? $"all {all} configurations of the space have been tried"
            : $"{MaxDraws} random configurations in a row had all been tried"), settings.TunerName);
    }

    /// <summary>Whether a trial of a known point, which may have begun with less, has been given as much as a new one would be, or more: trained twice it would tell nothing new.</summary>
    private bool HasHadAsMuch(Configuration known, int? budget, StudyView view)
        => _known.Exists(own => own.Configuration.Equals(known) && view[own.Trial] is var trial && !trial.IsScheduled && (budget is null ? trial.State == TrialState.Completed : !(trial.Budget < budget)));

    /// <summary>One warning for all that the tuner did not propose: with the first reason, which tends to be that of the rest.</summary>
    private void Warn(TrialId trial, TrialError failure)
    {
        _drawnForFailure++;
        _firstFailure ??= $"{trial}, which was drawn at random: {failure.ToString().ReplaceLineEndings(" ")}";
        var more = _drawnForFailure - 1;
        var warning = $"The tuner failed for {_firstFailure}"
            + (more == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" (and for {more} more {(more == 1 ? "trial" : "trials")})"));
        ledger.Warn(warning, insteadOf: _warning);
        _warning = warning;
    }

    private bool IsNew(Configuration configuration, int? budget) => settings.RepeatsConfigurations || !_tried.Contains(configuration, budget);

    /// <summary>Begins anew where the space has grown; otherwise takes in the trials that were started since.</summary>
    private void Follow(StudyView view)
    {
        if (!ReferenceEquals(_space, view.Space))
        {
            (_space, _tuner, _told, _triedTrials, _triedFinished) = (view.Space, null, 0, 0, 0);
            _tried.Clear();
            _known.Clear();
            _untold.Clear();
        }

        // What trials were started with: what a scheduler made of them later is neither a trial of that, nor known again after a replay.
        foreach (var started in ledger.StartedSince(_triedTrials, view))
        {
            var trial = view[started.Trial];
            // Of a space that the objective declares: what a trial has read by now.
            var configuration = settings.Space is null && !trial.IsScheduled ? trial.Configuration : started.Configuration;
            _tried.Add(configuration.In(view.Space), started.Budget);
            if (started.Origin == KnownPoint) _known.Add((started.Trial, started.Configuration.In(view.Space)));
            _triedTrials++;
        }

        // At its end a trial of a space that the objective declares has another configuration: what it read.
        if (settings.Space is not null) return;
        foreach (var finished in ledger.FinishedSince(_triedFinished, view))
        {
            if (!view[finished].IsScheduled) _tried.Add(view[finished].Configuration, view[finished].Budget);
            _triedFinished++;
        }
    }

    private void TellNews(StudyView view)
    {
        _tuner ??= settings.Tuner(view.Space, new RandomSource(view.Seed).Fork("tuner"));
        foreach (var finished in ledger.FinishedSince(_told, view))
        {
            _told++;
            // The loss of a schedule is not that of a configuration: what the tuner had proposed stays without an answer.
            if (view[finished].IsScheduled) _untold.Add(AsProposed(view[finished]));
            else _tuner.Tell(view[finished]);
        }
    }

    private Trial AsProposed(Trial trial)
        => trial.IsScheduled ? trial with { Configuration = ledger.StartOf(trial.Id).Configuration.In(trial.Configuration.Space), State = trial.IsFinished ? TrialState.Paused : trial.State, Outcome = null } : trial;

    private static void Check(Configuration configuration, SearchSpace space)
    {
        if (!ReferenceEquals(configuration.Space, space))
            throw new InvalidOperationException("The tuner proposed a configuration of another space; propose from the space that its factory was given.");
        if (space.BrokenConstraints(configuration) is { IsEmpty: false } broken)
            throw new InvalidOperationException($"The tuner proposed ({configuration}), which breaks the constraint '{broken[0]}'; ask SearchSpace.MeetsConstraints first.");
    }
}
