using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune.Torch.Control;

/// <summary>Some successive steps of a training, measured: how far they went, and whether their gradients agreed.</summary>
/// <remarks>
/// <code>
/// w, w'     weights before the first step and after the last, n steps
/// g_i       gradients
/// Length    |w' - w| / (sqrt(n) |w|)
/// Agreement |sum g|^2 / sum |g|^2: n where all are alike, 1 where they are independent, less where they take turns
/// Course    the cosine between w' - w and -g_n: above 0 where a longer step had gone further down, below where a shorter one had
/// Gradient  the root of the mean of |g|^2
/// </code>
/// Its tensors are in no dispose scope. To be used by one thread.
/// </remarks>
internal sealed class StepMeasure(IReadOnlyList<Parameter> weights) : IDisposable
{
    private torch.Tensor? _start, _sum, _squares, _last;
    private int _steps;

    public bool IsOpen => _start is not null;

    /// <summary>Begins before a step.</summary>
    public void Begin()
    {
        Dispose();
        _steps = 0;
        using var scope = torch.NewDisposeScope();
        using var none = torch.no_grad();
        _start = Flat(weight => weight).DetachFromDisposeScope();
        _sum = torch.zeros_like(_start).DetachFromDisposeScope();
        _squares = torch.zeros([], _start.dtype, _start.device).DetachFromDisposeScope();
    }

    /// <summary>Adds a step that was taken, whose gradients are still there.</summary>
    public void Add()
    {
        if (_start is null) return;
        _steps++;
        using var scope = torch.NewDisposeScope();
        using var none = torch.no_grad();
        _last?.Dispose();
        _last = Flat(weight => weight.grad ?? torch.zeros_like(weight)).DetachFromDisposeScope();
        _sum!.add_(_last);
        _squares!.add_(_last.dot(_last));
    }

    /// <summary>The steps since <see cref="Begin"/>; null if there was one at most, or something was not finite.</summary>
    public Steps? End()
    {
        if (_start is null || _last is null || _steps < 2) return null;
        using var scope = torch.NewDisposeScope();
        using var none = torch.no_grad();
        var way = Flat(weight => weight) - _start;
        var numbers = torch.stack([way.norm(), _start.norm(), _sum!.dot(_sum), _squares!, -way.dot(_last) / (way.norm() * _last.norm())]).to(torch.ScalarType.Float64).cpu();
        var (length, weight, sum, squares, course) = (numbers[0].item<double>(), numbers[1].item<double>(), numbers[2].item<double>(), numbers[3].item<double>(), numbers[4].item<double>());
        Dispose();
        var steps = new Steps(length / (Math.Sqrt(_steps) * weight), sum / squares, course, Math.Sqrt(squares / _steps));
        return double.IsFinite(steps.Length + steps.Agreement + steps.Course + steps.Gradient) && steps is { Length: > 0, Agreement: > 0, Gradient: > 0 } ? steps : null;
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { _start, _sum, _squares, _last }) tensor?.Dispose();
        _start = _sum = _squares = _last = null;
    }

    private torch.Tensor Flat(Func<Parameter, torch.Tensor> of) => torch.cat([.. weights.Select(weight => of(weight).detach().reshape(-1))]);

    /// <summary>What was measured.</summary>
    public readonly record struct Steps(double Length, double Agreement, double Course, double Gradient);
}
