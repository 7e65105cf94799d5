using System.Collections.Immutable;
using System.Text.Json;

namespace AutoTune.Quality.Problems;

/// <summary>A tuning problem as its folder describes it; always minimised.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hyperparameters">What is tuned, in the order of the file.</param>
/// <param name="Best">The best loss known.</param>
/// <param name="Reference">The median loss of random configurations.</param>
/// <param name="Kind">How its loss is found: function, table, onnx, nearest.</param>
/// <param name="Evaluate">What that kind needs to know.</param>
/// <param name="Fidelity">What a multi-fidelity method may vary; null if nothing.</param>
/// <param name="CheckPoints">Points of which the loss is known.</param>
internal sealed record Problem(string Name, ImmutableArray<ProblemHyperparameter> Hyperparameters, double Best, double Reference,
    string Kind, JsonElement Evaluate, Fidelity? Fidelity, ImmutableArray<CheckPoint> CheckPoints)
{
    /// <summary>The suite that it belongs to; empty: none.</summary>
    public string Suite { get; init; } = "";

    /// <summary>Invented functions tell less than recorded trainings: they are reported apart.</summary>
    public bool IsFunction => Kind == "function";

    /// <summary>0 at the best loss known, 1 at the median of random configurations; below 0 is a new best.</summary>
    public double Regret(double loss) => (loss - Best) / (Reference - Best);

    /// <summary>The position of a hyperparameter.</summary>
    public int IndexOf(string hyperparameter)
    {
        for (var i = 0; i < Hyperparameters.Length; i++)
        {
            if (Hyperparameters[i].Name == hyperparameter) return i;
        }

        throw new ProblemException($"Problem '{Name}' has no hyperparameter '{hyperparameter}'; it has {string.Join(", ", Hyperparameters.Select(h => h.Name))}.");
    }
}

/// <summary>What a multi-fidelity method may vary.</summary>
/// <param name="Name">Its name, such as epoch or trainsize.</param>
/// <param name="Low">The lowest value.</param>
/// <param name="High">The highest value: full fidelity.</param>
/// <param name="IsWhole">Whether it counts something (epochs); else it is a share (of the training set).</param>
internal sealed record Fidelity(string Name, double Low, double High, bool IsWhole);

/// <summary>A point, its loss, and its loss at a lower fidelity if that is known too.</summary>
internal sealed record CheckPoint(Point Point, double Loss, double? Fidelity, double? LossAtFidelity);

/// <summary>A problem's files are not what the layout says.</summary>
internal sealed class ProblemException(string message) : Exception(message);
