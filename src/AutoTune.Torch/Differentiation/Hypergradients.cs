using AutoTune.Torch;
using AutoTune.Torch.Differentiation;

namespace AutoTune;

/// <summary>Derivatives of a validation loss by hyperparameters, through the training.</summary>
/// <remarks>
/// <para>
/// <see cref="Unrolled"/> is exact for the steps that it takes and keeps each step's weights in memory: for short horizons, and for learning rate and
/// momentum, which have no place in a converged training. <see cref="Implicit"/> looks at the end alone: for what shapes the training loss (weight
/// decay, augmentation, weights of data), millions of them if need be, once the training has nearly converged. <see cref="T1T2"/> is its cheapest form.
/// </para>
/// <para>Networks are taken as they are: derivatives go through their parameters, no functional form is needed. To be used by one thread.</para>
/// </remarks>
public static class Hypergradients
{
    /// <summary>Takes steps of training and differentiates the validation loss after them by all hyperparameters, those of the update rule and those of the losses.</summary>
    /// <param name="problem">Weights, hyperparameters, losses. The weights are left as the training leaves them.</param>
    /// <param name="rule">How a step is taken: <c>new SgdUpdate(rate) { WeightDecay = decay }</c>, with tensors of the problem where they are to be differentiated.</param>
    /// <param name="steps">How many; 1 or more. Memory: that many copies of weights and state. Time: about four times that of the steps.</param>
    /// <remarks>
    /// Reverse mode over the steps (Maclaurin, Duvenaud and Adams 2015; Franceschi and others 2017, algorithm 1), each of which is taken again from its stored weights. In networks with batch
    /// normalisation put them into <c>eval()</c>: its running averages are no weights.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">There is no step.</exception>
    /// <exception cref="ArgumentException">The rule has values for another number of weights.</exception>
    /// <exception cref="NonFiniteLossException">The training diverged.</exception>
    /// <exception cref="InvalidOperationException">A loss is no scalar, or has no such derivatives: a value was altered in place, or an operation has no second derivative.</exception>
    public static Hypergradient Unrolled(BilevelProblem problem, UpdateRule rule, int steps)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(rule);
        if (steps < 1) throw new ArgumentOutOfRangeException(nameof(steps), steps, $"Steps {steps} must be at least 1: without a step the hyperparameters have had no effect.");
        rule.Demand(problem.Weights.Length);
        return new UnrolledTraining(problem, rule).Differentiate(steps);
    }

    /// <summary>Differentiates the validation loss of weights that minimise the training loss, by the implicit function theorem.</summary>
    /// <param name="problem">Weights at or near the minimum of the training loss, whose regularisation is part of it; step 1's batch stands for all the data. Nothing is changed.</param>
    /// <param name="options">How the linear system is solved; null: the defaults.</param>
    /// <remarks>
    /// dL/dh = L_h - v (d2 T / dw dh) with (d2 T / dw2) v = L_w (Pedregosa 2016, equation 3; Lorraine, Vicol and Duvenaud 2020, equation 4). Time: two gradients, and about two for each term.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">A loss is no scalar, or has no such derivatives.</exception>
    public static Hypergradient Implicit(BilevelProblem problem, ImplicitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(problem);
        return new ImplicitGradient(problem, (options ?? new ImplicitOptions()).Validated()).Differentiate();
    }

    /// <summary>Differentiates the validation loss after one more step of plain descent from here, which takes two gradients and one mixed derivative: for updates during a training.</summary>
    /// <param name="problem">Weights, hyperparameters of the training loss, losses. Nothing is changed.</param>
    /// <param name="rate">The learning rate of that step, above 0.</param>
    /// <remarks>Luketina and others 2016, equation 5: the implicit gradient with the inverse Hessian taken as the learning rate.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not above 0.</exception>
    /// <exception cref="InvalidOperationException">A loss is no scalar, or has no such derivatives.</exception>
    public static Hypergradient T1T2(BilevelProblem problem, double rate) => Implicit(problem, new ImplicitOptions { Solver = ImplicitSolver.Neumann, Terms = 0, StepSize = rate });
}
