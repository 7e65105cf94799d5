using AutoTune.Results;
using Spectre.Console;

namespace AutoTune;

/// <summary>Shows a finished study to people.</summary>
public static class ResultExtensions
{
    /// <summary>
    /// Writes to the console how the study ended: the best value, its configuration with the importance of each hyperparameter, the best five trials, why it
    /// ended, warnings. Without colours where the output goes to a file.
    /// </summary>
    public static void Show(this StudyResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var console = AnsiConsole.Console;
        console.Write(ResultReport.Of(result, console.Profile.Width, console.Profile.Capabilities.Unicode));
    }
}
