using System.Globalization;
using AutoTune.Spaces;
using AutoTune.Tuners.Reinforcement;

namespace AutoTune.Torch.Control;

/// <summary>What a controller has learnt: for each kind of setting a small network that gives, for the signs of a training, how likely each multiplication is to be chosen.</summary>
/// <remarks>
/// <code>
/// input     the signs of the training, see TrainingSigns                                             12
/// output    a logit for each of the multiplications; one that is not used; the reward that is expected from here on (the baseline)      5 + 1 + 1
/// step      used: the multiplication's logarithm that is expected under the probabilities; explored: one that is drawn
/// </code>
/// Not thread-safe (buffers).
/// </remarks>
internal sealed class ControlPolicy
{
    private const string Magic = "AutoTune controller";
    private const int Version = 1;
    private const double StayShare = 0.8; // at the start; chosen: one decision in five explores
    private static readonly double[] Factors = [.5, .8, 1, 1.25, 2];
    private static readonly double[] Logs = [.. Factors.Select(PortableMath.Log)];
    private readonly SlotNetwork[] _networks;
    private readonly ChoiceHead _head = new(Factors.Length);
    private readonly double[] _hidden = new double[SlotNetwork.Hidden], _output;

    private ControlPolicy()
    {
        var outputs = _head.Parameters + 1;
        var size = new SlotNetwork(0, TrainingSigns.Count, outputs).Size;
        _networks = [.. Enum.GetValues<ControlKind>().Select((_, i) => new SlotNetwork(i * size, TrainingSigns.Count, outputs))];
        Weights = new double[_networks.Length * size];
        _output = new double[outputs];
    }

    public double[] Weights { get; }

    /// <summary>One that leaves settings as they are, whatever it sees, and explores around that.</summary>
    public static ControlPolicy Untrained()
    {
        var policy = new ControlPolicy();
        var random = new RandomSource(1);
        Span<double> bias = stackalloc double[policy._output.Length];
        bias.Clear();
        var stay = Array.IndexOf(Factors, 1.0);
        bias[stay] = PortableMath.Log(StayShare / (1 - StayShare) * (Factors.Length - 1));
        for (var i = 0; i < policy._networks.Length; i++) policy._networks[i].Initialize(policy.Weights, bias, random.Fork("weights", i));
        return policy;
    }

    public ControlPolicy Copy()
    {
        var copy = new ControlPolicy();
        Weights.CopyTo(copy.Weights, 0);
        return copy;
    }

    /// <summary>The logarithm of the multiplication that is expected.</summary>
    public double Expected(ControlKind kind, ReadOnlySpan<double> signs)
    {
        Open(kind, signs);
        return _head.Expected(Logs);
    }

    /// <summary>How many multiplications there are.</summary>
    public static int ActionCount => Factors.Length;

    /// <summary>By what an action multiplies.</summary>
    public static double FactorOf(int action) => Factors[action];

    /// <summary>Draws a multiplication.</summary>
    public (int Action, double LogLikelihood) Sample(ControlKind kind, ReadOnlySpan<double> signs, RandomSource random)
    {
        Open(kind, signs);
        var action = _head.Sample(random);
        return (action, _head.LogLikelihood(action, 0, default));
    }

    /// <summary>The logarithm of an action's likelihood, and the reward that is expected.</summary>
    public (double Log, double Value) Judge(ControlKind kind, ReadOnlySpan<double> signs, int action)
    {
        Open(kind, signs);
        return (_head.LogLikelihood(action, 0, default), _output[^1]);
    }

    /// <summary>Adds the derivatives of an objective by the weights, given those by what <see cref="Judge"/> gave last, of the same signs and action, and by the entropy of the distribution.</summary>
    public void Backward(ControlKind kind, ReadOnlySpan<double> signs, int action, double byLog, double byValue, double byEntropy, double[] gradient)
    {
        Span<double> by = stackalloc double[_output.Length];
        by.Clear();
        if (byLog != 0) _head.LogLikelihood(action, byLog, by);
        if (byEntropy != 0) _head.Entropy(byEntropy, by);
        by[^1] = byValue;
        _networks[(int)kind].Backward(Weights, gradient, signs, _hidden, by);
    }

    public void Write(TextWriter writer)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Magic} {Version} {Weights.Length}"));
        foreach (var weight in Weights) writer.WriteLine(weight.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <exception cref="InvalidDataException">It is none, of another version, or incomplete.</exception>
    public static ControlPolicy Read(TextReader reader)
    {
        var policy = new ControlPolicy();
        var head = reader.ReadLine() ?? "";
        if (!head.StartsWith(Magic + " ", StringComparison.Ordinal)) throw new InvalidDataException($"This is no controller: it begins with '{(head.Length > 30 ? head[..30] : head)}' instead of '{Magic}'; give what TrainingController.Save wrote.");
        if (head != string.Create(CultureInfo.InvariantCulture, $"{Magic} {Version} {policy.Weights.Length}"))
            throw new InvalidDataException($"The controller is '{head}', this AutoTune.Torch reads '{Magic} {Version} {policy.Weights.Length}'; load it with the version that wrote it, or train one anew.");
        for (var i = 0; i < policy.Weights.Length; i++)
        {
            if (!double.TryParse(reader.ReadLine(), NumberStyles.Float, CultureInfo.InvariantCulture, out policy.Weights[i]) || !double.IsFinite(policy.Weights[i]))
                throw new InvalidDataException($"The controller is damaged: line {i + 2} of {policy.Weights.Length + 1} is no number; take another copy.");
        }

        return policy;
    }

    private void Open(ControlKind kind, ReadOnlySpan<double> signs)
    {
        _networks[(int)kind].Forward(Weights, signs, _hidden, _output);
        _head.Open(_output, -1);
    }
}

/// <summary>What a setting does to a training: a network each.</summary>
internal enum ControlKind
{
    /// <summary>The length of steps.</summary>
    Rate,

    /// <summary>What keeps the network from learning its examples by heart.</summary>
    Restraint,
}
