using System.Globalization;

namespace AutoTune.Torch;

/// <summary>How <see cref="AutoTune.Hypergradients.Implicit"/> solves for the inverse Hessian's product with the validation gradient. Immutable and thread-safe.</summary>
public sealed record ImplicitOptions
{
    /// <summary>The method. Default conjugate gradients.</summary>
    public ImplicitSolver Solver { get; init; } = ImplicitSolver.ConjugateGradients;

    /// <summary>How many products with the Hessian it may take, 0 or more (conjugate gradients: 1 or more). Default 30.</summary>
    public int Terms { get; init; } = 30;

    /// <summary>At which relative residual conjugate gradients end, 0 or more. Default 1e-4.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Added to the Hessian's diagonal, 0 or more: where the training loss is flat or saddled the solution would not be bounded. Default 0.</summary>
    public double Damping { get; init; }

    /// <summary>The Neumann series' step, above 0 and below 2 over the Hessian's largest eigenvalue. Default null: one over that eigenvalue, found by ten power iterations.</summary>
    public double? StepSize { get; init; }

    internal ImplicitOptions Validated()
    {
        var least = Solver == ImplicitSolver.Neumann ? 0 : 1;
        if (Terms < least) throw Wrong(nameof(Terms), Terms, $"at least {least}");
        if (!(Tolerance >= 0)) throw Wrong(nameof(Tolerance), Tolerance, "at least 0");
        if (!(Damping >= 0)) throw Wrong(nameof(Damping), Damping, "at least 0");
        if (StepSize is { } step && !(step > 0)) throw Wrong(nameof(StepSize), step, "above 0, or null to have it found");
        return this;
    }

    private static ArgumentOutOfRangeException Wrong(string name, double value, string rule)
        => new(name, value, string.Create(CultureInfo.InvariantCulture, $"{nameof(ImplicitOptions)}.{name} {value} must be {rule}."));
}

/// <summary>How a linear system with a Hessian is solved by its products alone.</summary>
public enum ImplicitSolver
{
    /// <summary>Conjugate gradients; ends early where the curvature is not positive (Pedregosa 2016).</summary>
    ConjugateGradients,

    /// <summary>The Neumann series of the inverse, cut off (Lorraine and others 2020, algorithm 3): bounded wherever the training has come to.</summary>
    Neumann,
}
