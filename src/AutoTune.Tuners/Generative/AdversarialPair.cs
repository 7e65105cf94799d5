using AutoTune.Spaces;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Numerics;
using AutoTune.Tuners.Populations;

namespace AutoTune.Tuners.Generative;

/// <summary>A generator of points and a discriminator that tells the good trials from others; each learns against the other.</summary>
/// <remarks>
/// <code>
/// z         noise                                                      8
/// G(z)      blocks of a point, read by <see cref="PointBlocks"/>
/// D(x)      the logit of x being one of the good trials
/// D learns  log s(D) of good trials, log(1 - s(D)) of generated points and, as many, of trials that are not good;  s the logistic function
/// G learns  log s(D(G(z))), the form that does not stand still while D is right        (Goodfellow and others 2014, section 3)
/// </code>
/// A share e of what D is shown as good are random points: the generator stays wide while little is known (the second discriminator of OPT-GAN, Lu and others 2021, in one). What D
/// sees is blurred a little, generated or not, as points of finite ranges are otherwise told by their values. Not thread-safe.
/// </remarks>
internal sealed class AdversarialPair
{
    private const int Noise = 8, Hidden = 32, Batch = 16;
    private const double Momentum = 0.5, SecondMomentum = 0.99, Decay = 0.01; // little momentum, as is usual where two learn against each other (Radford and others 2016)
    private const double Blur = 0.05;
    private readonly SearchSpace _space;
    private readonly SpaceLayout _layout;
    private readonly PointBlocks _blocks;
    private readonly TwoLayers _generator, _discriminator;
    private readonly Adam _generatorSteps, _discriminatorSteps;
    private readonly double _rate;
    private readonly double[] _z = new double[Noise], _written, _byWritten, _seen, _bySeen, _unit, _logit = new double[1];
    private readonly bool[] _active;

    public AdversarialPair(SearchSpace space, SpaceLayout layout, double rate, RandomSource random)
    {
        (_space, _layout, _rate) = (space, layout, rate);
        _blocks = new PointBlocks(space, layout);
        _generator = new TwoLayers(Noise, Hidden, _blocks.WrittenSize, 0.6, random.Fork("generator"));
        _discriminator = new TwoLayers(_blocks.SeenSize, Hidden, 1, 0.2, random.Fork("discriminator"));
        _generatorSteps = new Adam(_generator.Weights.Length, Momentum, SecondMomentum);
        _discriminatorSteps = new Adam(_discriminator.Weights.Length, Momentum, SecondMomentum);
        (_written, _byWritten) = (new double[_blocks.WrittenSize], new double[_blocks.WrittenSize]);
        (_seen, _bySeen) = (new double[_blocks.SeenSize], new double[_blocks.SeenSize]);
        (_unit, _active) = (new double[layout.Count], new bool[layout.Count]);
    }

    /// <summary>Both learn.</summary>
    /// <param name="good">The good trials; at least one.</param>
    /// <param name="others">Trials that are not good; may be none.</param>
    /// <param name="wide">Which share of random points is shown as good.</param>
    /// <param name="steps">How many steps each takes.</param>
    /// <param name="random">The randomness.</param>
    public void Learn(IReadOnlyList<Individual> good, IReadOnlyList<Individual> others, double wide, int steps, RandomSource random)
    {
        for (var step = 0; step < steps; step++)
        {
            Array.Clear(_discriminator.Gradient);
            for (var i = 0; i < Batch; i++)
            {
                if (random.NextDouble() < wide) See(_space.Sample(random));
                else See(good[random.NextInt(good.Count)]);
                Judge(isGood: true, 1.0 / Batch, random);
                var weight = others.Count > 0 ? 0.5 : 1;
                Generate(random);
                Judge(isGood: false, weight / Batch, random);
                if (others.Count == 0) continue;
                See(others[random.NextInt(others.Count)]);
                Judge(isGood: false, weight / Batch, random);
            }

            _discriminatorSteps.Step(_discriminator.Weights, _discriminator.Gradient, _rate, Decay);
            Array.Clear(_generator.Gradient);
            for (var i = 0; i < Batch; i++)
            {
                Generate(random);
                _discriminator.Forward(_seen, _logit);
                _logit[0] = -Logistic(-_logit[0]) / Batch; // of -log s(D)
                _discriminator.Backward(_logit, _bySeen, learns: false);
                _blocks.Backward(_written, _active, _bySeen, _byWritten);
                _generator.Backward(_byWritten, [], learns: true);
            }

            _generatorSteps.Step(_generator.Weights, _generator.Gradient, _rate, Decay);
        }
    }

    /// <summary>A generated point, and how good the discriminator takes it to be.</summary>
    public (Configuration Configuration, double Logit) Propose(RandomSource random)
    {
        Generate(random);
        var configuration = _layout.Decode(_unit);
        _blocks.See(_unit, _active, _seen);
        _discriminator.Forward(_seen, _logit);
        return (configuration, _logit[0]);
    }

    private void Generate(RandomSource random)
    {
        for (var i = 0; i < Noise; i++) _z[i] = random.NextGaussian();
        _generator.Forward(_z, _written);
        _blocks.Read(_written, random, _unit, _active, _seen);
    }

    private void See(Configuration configuration)
    {
        _layout.Encode(configuration, _unit, _active);
        _blocks.See(_unit, _active, _seen);
    }

    private void See(Individual trial) => _blocks.See(trial.Unit, trial.Active, _seen);

    private void Judge(bool isGood, double weight, RandomSource random)
    {
        for (var i = 0; i < _seen.Length; i++) _seen[i] += Blur * random.NextGaussian();
        _discriminator.Forward(_seen, _logit);
        _logit[0] = weight * (isGood ? -Logistic(-_logit[0]) : Logistic(_logit[0]));
        _discriminator.Backward(_logit, [], learns: true);
    }

    private static double Logistic(double x) => 1 / (1 + PortableMath.Exp(Math.Clamp(-x, -500, 500)));
}
