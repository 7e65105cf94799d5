using TorchSharp;

namespace AutoTune.Torch.Differentiation;

/// <summary>Reverse mode through steps of training.</summary>
/// <remarks>
/// Notation: w weights, s state, h hyperparameters, T and L training and validation loss. A step is (w, s) = F(w, s, dT/dw, h). Forward, the (w, s) before each step are stored. Backward,
/// with a = dL/dw and b = dL/ds after the step, the scalar a F_w + b F_s is differentiated by w, s and h: the first two are a and b before the step, the last adds to dL/dh.
/// </remarks>
internal sealed class UnrolledTraining(BilevelProblem problem, UpdateRule rule)
{
    private readonly List<(torch.Tensor[] Weights, torch.Tensor[][] State)> _before = [];

    public Hypergradient Differentiate(int steps)
    {
        using var scope = torch.NewDisposeScope();
        Train(steps);
        var trained = Derivatives.Copies(problem.Weights);
        var loss = problem.Validate();
        var all = Derivatives.Of(loss, [.. problem.Weights, .. problem.HyperTensors]);
        var byWeights = all[..problem.Weights.Length];
        var byHyperparameters = all[problem.Weights.Length..];
        var byState = problem.Weights.Select(weight => NoState(weight)).ToArray();
        for (var step = steps; step >= 1; step--) (byWeights, byState) = Back(step, byWeights, byState, byHyperparameters);
        Derivatives.Set(problem.Weights, trained);
        return new Hypergradient(loss.to(torch.ScalarType.Float64).item<double>(), [.. byHyperparameters.Select(tensor => tensor.detach().MoveToOuterDisposeScope())]);
    }

    private void Train(int steps)
    {
        var state = problem.Weights.Select(weight => NoState(weight)).ToArray();
        for (var step = 1; step <= steps; step++)
        {
            _before.Add((Derivatives.Copies(problem.Weights), state));
            using var scope = torch.NewDisposeScope();
            var loss = problem.Train(step);
            if (!double.IsFinite(loss.to(torch.ScalarType.Float64).item<double>())) throw new NonFiniteLossException("The unrolled training", step, loss.to(torch.ScalarType.Float64).item<double>());
            var gradient = Derivatives.Of(loss, problem.Weights);
            using var none = torch.no_grad();
            var next = problem.Weights.Select((weight, i) => rule.Next(i, weight, gradient[i], state[i], step)).ToArray();
            Derivatives.Set(problem.Weights, [.. next.Select(pair => pair.Weight)]);
            state = [.. next.Select(pair => pair.State.Select(tensor => tensor.MoveToOuterDisposeScope()).ToArray())];
        }
    }

    private (torch.Tensor[] ByWeights, torch.Tensor[][] ByState) Back(int step, torch.Tensor[] byWeights, torch.Tensor[][] byState, torch.Tensor[] byHyperparameters)
    {
        using var scope = torch.NewDisposeScope();
        var (weights, before) = _before[step - 1];
        Derivatives.Set(problem.Weights, weights);
        var state = before.Select(tensors => tensors.Select(tensor => tensor.detach().clone().requires_grad_()).ToArray()).ToArray();
        var gradient = Derivatives.DifferentiableOf(problem.Train(step), problem.Weights, isProven: true);
        var next = problem.Weights.Select((weight, i) => rule.Next(i, weight, gradient[i], state[i], step)).ToArray();
        var scalar = Derivatives.Dot([.. next.Select(pair => pair.Weight), .. next.SelectMany(pair => pair.State)], [.. byWeights, .. byState.SelectMany(tensors => tensors)]);
        var all = Derivatives.Of(scalar, [.. problem.Weights, .. state.SelectMany(tensors => tensors), .. problem.HyperTensors]);
        var hyperparameters = all[^problem.HyperTensors.Length..];
        using (torch.no_grad())
        {
            for (var i = 0; i < hyperparameters.Length; i++) byHyperparameters[i].add_(hyperparameters[i]);
        }

        var at = problem.Weights.Length;
        var earlier = state.Select(tensors => tensors.Select(_ => all[at++].detach().MoveToOuterDisposeScope()).ToArray()).ToArray();
        return ([.. all[..problem.Weights.Length].Select(tensor => tensor.detach().MoveToOuterDisposeScope())], earlier);
    }

    private torch.Tensor[] NoState(torch.Tensor weight) => [.. Enumerable.Range(0, rule.StateCount).Select(_ => torch.zeros_like(weight.detach()))];
}
