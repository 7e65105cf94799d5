using System.Collections.Immutable;
using AutoTune.Execution;

namespace AutoTune.Testing;

/// <summary>The objective of <see cref="ExecutorConformance"/>: does what its configuration says, so that it can run in any process.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class ConformanceObjective : IObjective
{
    private static readonly SearchSpaceBuilder Builder = new();
    private static readonly Hyperparameter<string> Behaviour = Builder.AddCategorical("behaviour",
        ["value", "metrics", "gradient", "throws", "throws later", "NaN", "infinity", "null", "reports", "reports on", "reports NaN", "steps back", "random", "artifact", "resumes", "budget", "until cancelled", "unwinds"]);

    private static readonly Hyperparameter<double> Value = Builder.AddReal("value", -1e6, 1e6);

    /// <summary>Its space.</summary>
    public static SearchSpace Space { get; } = Builder.Build();

    internal static Configuration Configure(string behaviour, double value = 0.25) => Space.Configure(set => set.Set(Behaviour, behaviour).Set(Value, value));

    /// <inheritdoc/>
    public async ValueTask<TrialValues> EvaluateAsync(ITrialContext trial, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(trial);
        var value = trial.Configuration.Get(Value);
        switch (trial.Configuration.Get(Behaviour))
        {
            case "metrics":
                return new TrialValues(value, ImmutableSortedDictionary<string, double>.Empty.Add("other", 7).Add("more", double.NaN));
            case "gradient":
                return new TrialValues(value).WithGradient(Value, 1.5);
            case "throws":
                throw new NotSupportedException("This was to be expected.");
            case "throws later":
                await Task.Yield();
                throw new NotSupportedException("This was to be expected.");
            case "NaN":
                return double.NaN;
            case "infinity":
                return double.NegativeInfinity;
            case "null":
                return null!;
            case "reports":
                for (var step = trial.ResumeAfterStep + 1; step <= (trial.Budget ?? 5); step++)
                {
                    if (!trial.Report(step, value + step).IsContinue) break;
                }

                return value;
            case "reports on":
                for (var step = 1; step <= 5; step++) trial.Report(step, value + step);
                return value;
            case "reports NaN":
                trial.Report(1, value);
                trial.Report(2, double.NaN);
                return value;
            case "steps back":
                trial.Report(2, value);
                trial.Report(2, value);
                return value;
            case "random":
                return trial.Random.NextDouble();
            case "artifact":
                await File.WriteAllTextAsync(Path.Combine(trial.ArtifactDirectory, "left-behind.txt"), "something", cancellationToken);
                return value;
            case "resumes":
                return trial.ResumeAfterStep;
            case "budget":
                return trial.Budget ?? -1;
            case "until cancelled":
                for (var step = 1; ; step++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    trial.Report(step, value);
                }

            case "unwinds":
                for (var step = 1; step <= 5; step++)
                {
                    if (!trial.Report(step, value).IsContinue) throw new OperationCanceledException();
                }

                return value;
            default:
                return value;
        }
    }
}
