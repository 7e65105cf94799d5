using System.Globalization;
using System.Text.RegularExpressions;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Evaluators;

/// <summary>A loss made from a model's output y: <c>y</c>, <c>-y</c>, <c>1-y</c>, <c>100-y</c>, each also with a divisor (<c>y/100</c>).</summary>
internal sealed partial record LossFormula(double Constant, double Factor)
{
    /// <summary>The loss of an output.</summary>
    public double Apply(double y) => Constant + Factor * y;

    /// <summary>Reads a formula.</summary>
    /// <exception cref="ProblemException">It is none of these.</exception>
    public static LossFormula Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success) throw new ProblemException($"The loss '{text}' is not of the form y, -y, 1-y or 100-y.");
        var divisor = match.Groups["divisor"] is { Success: true } d ? double.Parse(d.Value, CultureInfo.InvariantCulture) : 1;
        var constant = match.Groups["constant"] is { Success: true } c ? double.Parse(c.Value, CultureInfo.InvariantCulture) : 0;
        return new LossFormula(constant, (match.Groups["minus"].Success ? -1 : 1) / divisor);
    }

    [GeneratedRegex(@"^\s*((?<constant>[0-9.]+)\s*(?=-))?(?<minus>-)?\s*y\s*(/\s*(?<divisor>[0-9.]+))?\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
