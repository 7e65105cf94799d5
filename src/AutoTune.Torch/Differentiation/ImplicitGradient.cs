using TorchSharp;

namespace AutoTune.Torch.Differentiation;

/// <summary>The implicit function theorem at the end of a training.</summary>
/// <remarks>Notation: T and L training and validation loss, w weights, h hyperparameters, H = d2T/dw2 + damping, b = dL/dw, v the solution of H v = b.</remarks>
internal sealed class ImplicitGradient(BilevelProblem problem, ImplicitOptions options)
{
    private torch.Tensor[] _gradient = []; // dT/dw, with its graph

    public Hypergradient Differentiate()
    {
        using var scope = torch.NewDisposeScope();
        var loss = problem.Validate();
        var all = Derivatives.Of(loss, [.. problem.Weights, .. problem.HyperTensors]);
        var right = all[..problem.Weights.Length].Select(tensor => tensor.detach()).ToArray();
        _gradient = Derivatives.DifferentiableOf(problem.Train(1), problem.Weights, problem.IsProven);
        problem.IsProven = true;
        var (solution, residual) = options.Solver == ImplicitSolver.Neumann ? Neumann(right) : ConjugateGradients(right);
        var mixed = Derivatives.Of(Derivatives.Dot(_gradient, solution), problem.HyperTensors);
        var derivatives = all[problem.Weights.Length..].Zip(mixed, (direct, through) => (direct - through).detach().MoveToOuterDisposeScope());
        return new Hypergradient(Number(loss), [.. derivatives]) { Residual = residual };
    }

    /// <summary>v = step * sum over j of (1 - step H)^j b.</summary>
    private (torch.Tensor[] Solution, double Residual) Neumann(torch.Tensor[] right)
    {
        var step = options.StepSize ?? 1 / Math.Max(LargestEigenvalue(right), 1e-12);
        using var none = torch.no_grad();
        var (power, sum) = (Derivatives.Copies(right), Derivatives.Copies(right));
        for (var term = 0; term < options.Terms; term++)
        {
            using var scope = torch.NewDisposeScope();
            var product = Hessian(power);
            for (var i = 0; i < power.Length; i++)
            {
                power[i].sub_(product[i] * step);
                sum[i].add_(power[i]);
            }
        }

        // What is left is (1 - step H) times the last power: of its size.
        var residual = Norm(power) / Math.Max(Norm(right), double.Epsilon);
        return ([.. sum.Select(tensor => tensor * step)], residual);
    }

    private (torch.Tensor[] Solution, double Residual) ConjugateGradients(torch.Tensor[] right)
    {
        using var none = torch.no_grad();
        var solution = right.Select(tensor => torch.zeros_like(tensor)).ToArray();
        var (rest, direction) = (Derivatives.Copies(right), Derivatives.Copies(right));
        var (size, first) = (Square(rest), Square(right));
        for (var term = 0; term < options.Terms && size > options.Tolerance * options.Tolerance * first && size > 0; term++)
        {
            using var scope = torch.NewDisposeScope();
            var product = Hessian(direction);
            var curvature = Number(Derivatives.Dot(direction, product));
            if (!(curvature > 0)) break; // a saddle: what is found so far is a descent all the same
            var length = size / curvature;
            for (var i = 0; i < rest.Length; i++)
            {
                solution[i].add_(direction[i] * length);
                rest[i].sub_(product[i] * length);
            }

            var next = Square(rest);
            for (var i = 0; i < rest.Length; i++) direction[i].mul_(next / size).add_(rest[i]);
            size = next;
        }

        return (solution, Math.Sqrt(size / Math.Max(first, double.Epsilon)));
    }

    private double LargestEigenvalue(torch.Tensor[] start)
    {
        using var scope = torch.NewDisposeScope();
        using var none = torch.no_grad();
        var vector = Derivatives.Copies(start);
        var eigenvalue = 0.0;
        for (var i = 0; i < 10; i++)
        {
            var norm = Norm(vector);
            if (!(norm > 0)) return eigenvalue;
            vector = Hessian([.. vector.Select(tensor => tensor / norm)]);
            eigenvalue = Norm(vector);
        }

        return 1.1 * eigenvalue; // the iteration comes from below
    }

    private torch.Tensor[] Hessian(torch.Tensor[] direction)
    {
        torch.Tensor[] product;
        using (torch.enable_grad()) product = Derivatives.Along(_gradient, direction, problem.Weights);
        return options.Damping == 0 ? product : [.. product.Zip(direction, (image, tensor) => image + tensor * options.Damping)];
    }

    private static double Square(torch.Tensor[] tensors)
    {
        using var scope = torch.NewDisposeScope();
        return Number(Derivatives.Dot(tensors, tensors));
    }

    private static double Norm(torch.Tensor[] tensors) => Math.Sqrt(Square(tensors));

    private static double Number(torch.Tensor scalar) => scalar.to(torch.ScalarType.Float64).item<double>();
}
