using AutoTune.Progress;

namespace AutoTune;

/// <summary>Where tuning begins: a study with good defaults, or one line that does it all.</summary>
/// <remarks>Thread-safe.</remarks>
public static class Tune
{
    /// <summary>A study that searches by a portfolio of tuners (<c>UsePortfolio</c>) and, on a terminal, shows its progress.</summary>
    /// <param name="name">Its name, by which <c>SaveTo</c> finds it again.</param>
    /// <remarks>
    /// Every default has its verb: <c>UseRandom()</c> and its kin search otherwise, <c>ShowProgress(ProgressDisplay.None)</c> keeps it quiet. Where the output
    /// goes to a file or a pipe nothing is written unless <c>ShowProgress()</c> is said.
    /// </remarks>
    public static StudyBuilder Study(string name)
    {
        var study = new StudyBuilder(name).UsePortfolio();
        return Screens.IsInteractive ? study.ShowProgress() : study;
    }

    /// <summary>Looks for the lowest value of a function that declares its hyperparameters itself: <c>trial.Real("rate", 1e-5, 1e-1, Scale.Log)</c>.</summary>
    /// <param name="objective">The function; lower is better.</param>
    /// <param name="trials">How often it is evaluated; 50 by default.</param>
    /// <param name="seed">The seed of all randomness; the same seed gives the same search.</param>
    /// <param name="cancellationToken">Ends the search with the best so far.</param>
    /// <exception cref="StudyDefinitionException">The number of trials is below 1.</exception>
    /// <exception cref="StudyFailedException">Every trial failed.</exception>
    public static Task<StudyResult> MinimizeAsync(Func<ITrialContext, double> objective, int trials = 50, long seed = 0, CancellationToken cancellationToken = default)
        => Study("tuning").Minimize("value").ForTrials(trials).WithSeed(seed).RunAsync(objective, cancellationToken);

    /// <summary>Looks for the lowest value of an asynchronous function that declares its hyperparameters itself.</summary>
    /// <inheritdoc cref="MinimizeAsync(Func{ITrialContext, double}, int, long, CancellationToken)"/>
    public static Task<StudyResult> MinimizeAsync(Func<ITrialContext, CancellationToken, Task<double>> objective, int trials = 50, long seed = 0, CancellationToken cancellationToken = default)
        => Study("tuning").Minimize("value").ForTrials(trials).WithSeed(seed).RunAsync(objective, cancellationToken);

    /// <summary>Looks for the highest value of a function that declares its hyperparameters itself: <c>trial.Real("rate", 1e-5, 1e-1, Scale.Log)</c>.</summary>
    /// <param name="objective">The function; higher is better.</param>
    /// <param name="trials">How often it is evaluated; 50 by default.</param>
    /// <param name="seed">The seed of all randomness; the same seed gives the same search.</param>
    /// <param name="cancellationToken">Ends the search with the best so far.</param>
    /// <exception cref="StudyDefinitionException">The number of trials is below 1.</exception>
    /// <exception cref="StudyFailedException">Every trial failed.</exception>
    public static Task<StudyResult> MaximizeAsync(Func<ITrialContext, double> objective, int trials = 50, long seed = 0, CancellationToken cancellationToken = default)
        => Study("tuning").Maximize("value").ForTrials(trials).WithSeed(seed).RunAsync(objective, cancellationToken);

    /// <summary>Looks for the highest value of an asynchronous function that declares its hyperparameters itself.</summary>
    /// <inheritdoc cref="MaximizeAsync(Func{ITrialContext, double}, int, long, CancellationToken)"/>
    public static Task<StudyResult> MaximizeAsync(Func<ITrialContext, CancellationToken, Task<double>> objective, int trials = 50, long seed = 0, CancellationToken cancellationToken = default)
        => Study("tuning").Maximize("value").ForTrials(trials).WithSeed(seed).RunAsync(objective, cancellationToken);
}
