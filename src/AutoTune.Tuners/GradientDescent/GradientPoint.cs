using System.Collections.Immutable;
using AutoTune.Spaces;

namespace AutoTune.Tuners.GradientDescent;

/// <summary>A trial as gradients see it.</summary>
/// <param name="Configuration">Its configuration.</param>
/// <param name="Unit">Its point, a coordinate for each hyperparameter (d).</param>
/// <param name="Standing">Where it stands among others.</param>
/// <param name="Gradient">Derivatives of the loss by the coordinates that move, 0 where none is known (m); empty if there is none at all.</param>
internal sealed record GradientPoint(Configuration Configuration, double[] Unit, Standing Standing, double[] Gradient)
{
    /// <summary>Whether a search can go on from here: a loss that meets the requirements, and a gradient.</summary>
    public bool IsUsable => Gradient.Length > 0 && Standing is { HasLoss: true, Violation: 0 };

    /// <summary>A finished trial.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="encoding">Its space's encoding.</param>
    /// <param name="moving">The dimensions that move (m).</param>
    public static GradientPoint Of(Trial trial, ISpaceEncoding encoding, ImmutableArray<int> moving)
    {
        var unit = new double[encoding.Dimensions.Length];
        encoding.Encode(trial.Configuration, unit, []);
        var standing = trial.Outcome is TrialOutcome.Completed ? Standing.Of(trial) : Standing.None;
        return new GradientPoint(trial.Configuration, unit, standing, GradientOf(trial, encoding, moving));
    }

    /// <summary>The coordinates that move of the way from one point to another.</summary>
    public static void Difference(GradientPoint from, GradientPoint to, ImmutableArray<int> moving, Span<double> step)
    {
        for (var i = 0; i < step.Length; i++) step[i] = to.Unit[moving[i]] - from.Unit[moving[i]];
    }

    /// <summary>The square of the distance over what moves; infinite for a point that differs in anything else.</summary>
    public double SquaredDistance(GradientPoint other, ImmutableArray<int> moving)
    {
        if (!IsBeside(other, moving)) return double.PositiveInfinity;
        var sum = 0.0;
        foreach (var j in moving) sum += (Unit[j] - other.Unit[j]) * (Unit[j] - other.Unit[j]);
        return sum;
    }

    /// <summary>Whether two points differ in nothing but what moves.</summary>
    public bool IsBeside(GradientPoint other, ImmutableArray<int> moving)
    {
        for (int j = 0, i = 0; j < Unit.Length; j++)
        {
            if (i < moving.Length && moving[i] == j) i++;
            else if (Unit[j] != other.Unit[j]) return false;
        }

        return true;
    }

    private static double[] GradientOf(Trial trial, ISpaceEncoding encoding, ImmutableArray<int> moving)
    {
        if (trial.Outcome is not TrialOutcome.Completed { Gradient.IsEmpty: false } completed) return [];
        var all = new double[encoding.Dimensions.Length];
        if (encoding.EncodeGradient(trial.Configuration, completed.Gradient, all) == 0) return [];
        var gradient = new double[moving.Length];
        var any = false;
        for (var i = 0; i < gradient.Length; i++)
        {
            if (double.IsNaN(all[moving[i]])) continue;
            gradient[i] = all[moving[i]];
            any = true;
        }

        return any ? gradient : [];
    }
}
