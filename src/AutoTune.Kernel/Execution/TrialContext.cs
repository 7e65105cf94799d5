namespace AutoTune.Execution;

/// <summary>A trial as its objective sees it, in the process where the objective runs.</summary>
internal sealed class TrialContext(TrialAssignment assignment, IReportSink reports) : ITrialContext
{
    private Directive _directive = Directive.Continue;
    private int _lastStep = assignment.ResumeAfterStep;
    private int? _stepBefore;
    private string? _artifactDirectory;

    public TrialId Id => assignment.Trial;

    public Configuration Configuration => assignment.Configuration;

    public int? Budget => assignment.Budget;

    public int ResumeAfterStep => assignment.ResumeAfterStep;

    public RandomSource Random { get; } = new(assignment.Seed);

    public string ArtifactDirectory => _artifactDirectory ??= Directory.CreateDirectory(assignment.ArtifactDirectory).FullName;

    public long? ArtifactLimit => assignment.ArtifactLimit;

    public Directive Report(int step, double value)
    {
        if (!_directive.IsContinue) return _directive;
        if (!double.IsFinite(value)) throw new NonFiniteValueException(assignment.Goal.Metric, value, $"reported at step {step}");
        if (step <= _lastStep)
        {
            throw new ArgumentOutOfRangeException(nameof(step), step,
                $"{Id}: step {step} must be above the last one, {_lastStep}; steps are counted from 1 and grow"
                + (assignment.ResumeAfterStep > 0 ? $", and this trial goes on after step {assignment.ResumeAfterStep}. One that begins anew, as with growing samples and lengths, reports its end alone." : "."));
        }

        (_stepBefore, _lastStep) = (_lastStep > assignment.ResumeAfterStep ? _lastStep : null, step);
        return _directive = reports.Report(new TrialReport(Id, step, assignment.Goal.Flip(value)));
    }

    public double Declare(HyperparameterDeclaration declaration) => reports.Declare(Id, declaration);

    /// <summary>How the trial ended, given what its objective returned.</summary>
    public TrialOutcome OutcomeOf(TrialValues values)
    {
        // An objective that kept to its budget and only returned: its value is the report at that step, or a part of a trial would pass for a whole one.
        if (values is not null && double.IsFinite(values.Value) && assignment.IsAtBudget(_lastStep, _stepBefore)) Report(assignment.Budget!.Value, values.Value);
        if (_directive.Action == DirectiveAction.Pause) return new TrialOutcome.Paused(_lastStep, _directive.Reason);
        if (_directive.Action == DirectiveAction.Stop) return new TrialOutcome.Stopped(_lastStep, _directive.Reason);
        if (values is null) return OutcomeOf(new InvalidOperationException("The objective returned null; return a value, or throw to say that the trial failed."));
        return double.IsFinite(values.Value)
            ? new TrialOutcome.Completed(assignment.Goal.Flip(values.Value), values.Metrics) { Gradient = assignment.Goal.Flip(values.Gradient) }
            : OutcomeOf(new NonFiniteValueException(assignment.Goal.Metric, values.Value, "returned"));
    }

    /// <summary>How the trial ended, given what its objective threw.</summary>
    public TrialOutcome OutcomeOf(Exception error)
    {
        // An objective may unwind by this exception once it was told to stop.
        if (error is OperationCanceledException && !_directive.IsContinue) return OutcomeOf(new TrialValues(0));
        return new TrialOutcome.Failed(TrialError.Of(error), IsRetryable: false) { Exception = error };
    }
}
