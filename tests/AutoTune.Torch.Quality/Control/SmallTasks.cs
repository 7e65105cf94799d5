using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AutoTune.Torch.Quality.Control;

/// <summary>Small trainings of many kinds to learn from: tables and made-up data, networks flat and deep, with and without norms, three optimizers, good and bad rates.</summary>
internal sealed class SmallTasks
{
    private readonly (string Name, Tensor X, Tensor Y, int Classes)[] _tables =
    [
        Of("spam", "type", 2), Of("credit", "Status", 2),
    ];

    /// <summary>Few examples, much network, a fair learning rate: what counts is how it is restrained, by weight decay or by noise.</summary>
    /// <param name="random">Where everything about it comes from.</param>
    public ControlTask MakeRestrained(RandomSource random)
    {
        using (manual_seed((long)(random.NextUInt64() >> 1))) { }
        var (name, x, y, classes) = random.NextDouble() < .4 ? _tables[random.NextInt(_tables.Length)] : MadeUp(random);
        var (count, width, inputs, batch) = (100 + random.NextInt(300), LogInteger(random, 60, 250), (int)x.shape[1], 20);
        var epochs = Math.Max(5, (120 + random.NextInt(120)) * batch / count);
        var byNoise = random.NextDouble() < .5;
        var start = Math.Pow(10, byNoise ? -1.5 + 1.8 * random.NextDouble() : -3 + 3.5 * random.NextDouble());
        var noise = start;
        return new ControlTask($"{name}, {count} examples, {width} wide, {(byNoise ? "noise" : "decay")} {start:g2}", x.narrow(0, 1000, count), y.narrow(0, 1000, count), x.narrow(0, 0, 1000), y.narrow(0, 0, 1000),
            () => Flat(inputs, classes, width, 2, false, false), (weights, rate) => optim.AdamW(weights, rate, weight_decay: byNoise ? 0 : start), .003 + .007 * random.NextDouble(), batch, epochs)
        {
            Choose = choices => byNoise ? choices.LearningRate(1e-7, 1).Strength("noise", start / 100, start * 100, start, value => noise = value) : choices.LearningRate(1e-7, 1).WeightDecay(start / 100, start * 100),
            Alter = examples => byNoise ? examples + randn_like(examples) * noise : examples,
        };
    }

    /// <summary>A task.</summary>
    /// <param name="random">Where everything about it comes from.</param>
    /// <param name="steps">About how many steps; null: 80 to 200.</param>
    public ControlTask Make(RandomSource random, int? steps = null)
    {
        using (manual_seed((long)(random.NextUInt64() >> 1))) { }
        var isPicture = random.NextDouble() < .25;
        var (name, x, y, classes) = isPicture ? Pictures(random) : random.NextDouble() < .35 ? _tables[random.NextInt(_tables.Length)] : MadeUp(random);
        var held = (int)Math.Min(1000, x.shape[0] / 3);
        var count = (int)Math.Min(x.shape[0] - held, 300 + random.NextInt(1200));
        var (width, depth, hasNorm, isSmooth) = (LogInteger(random, 16, 160), 1 + random.NextInt(3), random.NextDouble() < .3, random.NextDouble() < .3);
        var inputs = (int)x.shape[1];
        Module<Tensor, Tensor> Net() => isPicture ? Convolutional(classes, 4 + width / 20, hasNorm) : Flat(inputs, classes, width, depth, hasNorm, isSmooth);
        var kind = random.NextInt(3);
        // A decade and more around what suits such networks: as far as people are from it who do not look.
        var usual = kind == 0 ? .1 : kind == 1 ? .02 : .003;
        var rate = usual * Math.Pow(10, -1.9 + 3 * random.NextDouble());
        OptimizerHelper Optimizer(IEnumerable<Parameter> weights, double r) => kind switch
        {
            0 => optim.SGD(weights, r),
            1 => optim.SGD(weights, r, momentum: .9),
            _ => optim.AdamW(weights, r),
        };
        var epochs = 3 + random.NextInt(8);
        var drawn = 80 + random.NextInt(120);
        var batch = Math.Clamp(count * epochs / (steps ?? drawn), 8, 100);
        if (count % batch == 1) count--; // a norm knows no deviation of a single example
        return new ControlTask($"{name}, {(isPicture ? "conv" : $"{depth} x {width}")}{(hasNorm ? ", norm" : "")}, {(kind == 0 ? "SGD" : kind == 1 ? "momentum" : "AdamW")} {rate:g2}, {epochs} epochs of {count / batch}",
            x.narrow(0, held, count), y.narrow(0, held, count), x.narrow(0, 0, held), y.narrow(0, 0, held), Net, Optimizer, rate, batch, epochs)
        {
            Choose = choices => choices.LearningRate(usual / 3000, usual * 3000), Usual = usual,
        };
    }

    private static (string, Tensor, Tensor, int) Of(string name, string target, int classes)
    {
        var (x, y) = ControlTask.Table(name, target);
        return (name, x, y, classes);
    }

    /// <summary>What a random network says of random points; some of it wrong.</summary>
    private static (string, Tensor, Tensor, int) MadeUp(RandomSource random)
    {
        using var scope = NewDisposeScope();
        var (inputs, classes, noise) = (LogInteger(random, 8, 300), 2 + random.NextInt(9), .15 * random.NextDouble());
        using var teacher = Flat(inputs, classes, 4 + random.NextInt(20), 1, false, true);
        using var none = no_grad();
        var x = randn(2800, inputs).mul_(exp(randn(inputs).mul_(.5)));
        var y = teacher.call(x.mul(2)).argmax(1);
        y = where(rand(2800) < noise, randint(0, classes, 2800, dtype: ScalarType.Int64), y);
        return ("made up", x.MoveToOuterDisposeScope(), y.MoveToOuterDisposeScope(), classes);
    }

    /// <summary>Smooth patterns, moved and noisy.</summary>
    private static (string, Tensor, Tensor, int) Pictures(RandomSource random)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var (classes, noise) = (3 + random.NextInt(8), .4 + random.NextDouble());
        var patterns = functional.interpolate(randn(classes, 1, 5, 5), [16L, 16L], mode: InterpolationMode.Bilinear, align_corners: false);
        var y = randint(0, classes, 2000, dtype: ScalarType.Int64);
        var (down, right) = (randint(0, 5, 2000, dtype: ScalarType.Int64).reshape(-1, 1, 1), randint(0, 5, 2000, dtype: ScalarType.Int64).reshape(-1, 1, 1));
        var (rows, columns) = (arange(12).reshape(1, 12, 1) + down, arange(12).reshape(1, 1, 12) + right);
        var x = patterns.squeeze(1).index(TensorIndex.Tensor(y.reshape(-1, 1, 1)), TensorIndex.Tensor(rows), TensorIndex.Tensor(columns));
        return ("pictures", (x + randn_like(x) * noise).reshape(2000, 144).MoveToOuterDisposeScope(), y.MoveToOuterDisposeScope(), classes);
    }

    private static Sequential Flat(int inputs, int classes, int width, int depth, bool hasNorm, bool isSmooth)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < depth; i++)
        {
            layers.Add(($"linear{i}", Linear(i == 0 ? inputs : width, width)));
            if (hasNorm) layers.Add(($"norm{i}", BatchNorm1d(width)));
            layers.Add(($"bend{i}", isSmooth ? Tanh() : ReLU()));
        }

        layers.Add(("out", Linear(width, classes)));
        return Sequential(layers);
    }

    private static Sequential Convolutional(int classes, int channels, bool hasNorm)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)> { ("picture", Unflatten(1, [1L, 12, 12])), ("conv", Conv2d(1, channels, 3)) };
        if (hasNorm) layers.Add(("norm", BatchNorm2d(channels)));
        layers.AddRange([("relu", ReLU()), ("pool", MaxPool2d(2)), ("flat", Flatten()), ("out", Linear(channels * 25, classes))]);
        return Sequential(layers);
    }

    private static int LogInteger(RandomSource random, int low, int high) => (int)Math.Round(low * Math.Pow((double)high / low, random.NextDouble()));
}
