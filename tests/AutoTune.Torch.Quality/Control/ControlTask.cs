using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Quality.Control;

/// <summary>A training: data, network, optimizer, length. Everything repeats for a seed.</summary>
/// <param name="Name">What it is, in words.</param>
/// <param name="X">Training inputs.</param>
/// <param name="Y">Their classes.</param>
/// <param name="HeldX">Inputs to validate by.</param>
/// <param name="HeldY">Their classes.</param>
/// <param name="Net">Makes the network.</param>
/// <param name="Optimizer">Makes the optimizer, at a learning rate.</param>
/// <param name="Rate">The learning rate to begin with.</param>
/// <param name="Batch">The batch size.</param>
/// <param name="Epochs">How many epochs.</param>
internal sealed record ControlTask(
    string Name, Tensor X, Tensor Y, Tensor HeldX, Tensor HeldY, Func<Module<Tensor, Tensor>> Net, Func<IEnumerable<Parameter>, double, OptimizerHelper> Optimizer, double Rate, int Batch, int Epochs)
{
    /// <summary>A learning rate that suits such networks.</summary>
    public double Usual { get; init; } = Rate;

    /// <summary>What a controller may change.</summary>
    public Func<ControlChoices, ControlChoices> Choose { get; init; } = choices => choices;

    /// <summary>What becomes of inputs before the network sees them, in training.</summary>
    public Func<Tensor, Tensor> Alter { get; init; } = x => x;

    /// <summary>What losses are cut down to.</summary>
    public const double MostLoss = 100;

    public int Steps => (int)((X.shape[0] + Batch - 1) / Batch);

    /// <summary>Trains, and gives the network to whoever wants to look at it at the end.</summary>
    /// <param name="seed">Of weights and order of examples.</param>
    /// <param name="begin">Given network and optimizer: what takes a step down a loss, and what is told the validation loss and error of each epoch.</param>
    /// <param name="end">Given the trained network.</param>
    public void Train(int seed, Func<Module<Tensor, Tensor>, OptimizerHelper, (Action<Tensor> Descend, Action<int, double, double> EndEpoch)> begin, Action<Module<Tensor, Tensor>>? end = null)
    {
        using var scope = NewDisposeScope();
        using (manual_seed(seed)) { }
        using var net = Net();
        using var optimizer = Optimizer(net.parameters(), Rate);
        var (descend, endEpoch) = begin(net, optimizer);
        var batches = new TensorBatches(X, Y);
        var random = new RandomSource(seed);
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            net.train();
            foreach (var (x, y) in batches.Shuffled(random.Fork("order", epoch), Batch)) descend(functional.cross_entropy(net.call(Alter(x)), y));
            var (loss, error) = Judge(net, HeldX, HeldY);
            endEpoch(epoch, loss, error);
        }

        end?.Invoke(net);
    }

    /// <summary>The mean, geometric, of loss and error: what small trainings are judged by.</summary>
    public static double Score(double loss, double error) => Math.Sqrt((double.IsNaN(loss) ? MostLoss : Math.Min(loss, MostLoss)) * (error + .003));

    /// <summary>The mean loss, and the share of wrong classes.</summary>
    public static (double Loss, double Error) Judge(Module<Tensor, Tensor> net, Tensor x, Tensor y)
    {
        net.eval();
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var output = net.call(x);
        return (functional.cross_entropy(output, y).item<float>(), output.argmax(1).ne(y).to(ScalarType.Float64).mean().item<double>());
    }

    /// <summary>A table of datasets/ as inputs of mean 0 and deviation 1 and classes, in an order of its own.</summary>
    /// <param name="name">The folder, and the file within it.</param>
    /// <param name="target">The column with the class; the others are numbers, or are left out.</param>
    public static (Tensor X, Tensor Y) Table(string name, string target)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AutoTune.sln"))) folder = Path.GetDirectoryName(folder)!;
        var lines = File.ReadAllLines(Path.Combine(folder, "datasets", name, name + ".csv")).Select(line => line.Split(',').Select(cell => cell.Trim('"')).ToArray()).ToArray();
        var column = Array.IndexOf(lines[0], target);
        var rows = lines[1..];
        new RandomSource(5).Shuffle(rows.AsSpan());
        var classes = rows.Select(row => row[column]).Distinct().Order(StringComparer.Ordinal).ToList();
        var inputs = Enumerable.Range(0, lines[0].Length).Where(i => i != column && rows.Take(50).All(row => IsNumber(row[i]))).ToArray();
        rows = [.. rows.Where(row => inputs.All(i => IsNumber(row[i])))];
        var x = tensor(rows.SelectMany(row => inputs.Select(i => float.Parse(row[i], CultureInfo.InvariantCulture))).ToArray()).reshape(rows.Length, inputs.Length);
        return ((x - x.mean([0], keepdim: true)) / (x.std(0, keepdim: true) + 1e-3), tensor(rows.Select(row => (long)classes.IndexOf(row[column])).ToArray()));
    }

    private static bool IsNumber(string text) => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
