using AutoTune.Tuners.GaussianProcess;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>The agent's policy: a distribution for each hyperparameter, given how the study stands and what was chosen before.</summary>
/// <remarks>
/// <code>
/// input     features of the situation; the block of the best trial's value; mean distance of what was chosen so far from the best trial;
///           the blocks of the (at most 32) hyperparameters before
/// output    the parameters of the distribution, and the reward that is expected at this point (the baseline)
/// </code>
/// The likelihood of a configuration is the product over its active hyperparameters, exactly. Each has a small network of its own. Not thread-safe (buffers).
/// </remarks>
internal sealed class Policy
{
    private const int MostBefore = 32;
    private readonly SpaceLayout _layout;
    private readonly double[] _start;
    private readonly ActionSlot[] _slots;
    private readonly SlotNetwork[] _networks;
    private readonly ChoiceHead?[] _choices;
    private readonly OrderedHead _ordered = new();
    private readonly int[] _blockAt;
    private readonly double[] _blocks, _input, _output, _byOutput, _hidden = new double[SlotNetwork.Hidden];

    public Policy(SearchSpace space, SpaceLayout layout, RandomSource random)
    {
        _layout = layout;
        var dimensions = space.Encoding.Dimensions;
        _slots = [.. Enumerable.Range(0, dimensions.Length).Where(j => dimensions[j].Levels != 1).Select(j => new ActionSlot(dimensions[j], j))];
        _networks = new SlotNetwork[_slots.Length];
        _choices = new ChoiceHead?[_slots.Length];
        _blockAt = new int[_slots.Length + 1];
        for (var i = 0; i < _slots.Length; i++) _blockAt[i + 1] = _blockAt[i] + _slots[i].BlockSize;
        int size = 0, outputs = 0, inputs = 0;
        for (var i = 0; i < _slots.Length; i++)
        {
            var slot = _slots[i];
            _choices[i] = slot.IsChoice ? new ChoiceHead(slot.Values) : null;
            var before = _blockAt[i] - _blockAt[Math.Max(0, i - MostBefore)];
            _networks[i] = new SlotNetwork(size, Situation.FeatureCount + slot.BlockSize + 1 + before, (_choices[i]?.Parameters ?? OrderedHead.Parameters) + 1);
            size += _networks[i].Size;
            outputs = Math.Max(outputs, _networks[i].Outputs);
            inputs = Math.Max(inputs, _networks[i].Inputs);
        }

        Weights = new double[size];
        _blocks = new double[_blockAt[^1]];
        _input = new double[inputs];
        _output = new double[outputs];
        _byOutput = new double[outputs];
        for (var i = 0; i < _slots.Length; i++)
        {
            var bias = new double[_networks[i].Outputs];
            if (_choices[i] is { } choice) choice.Initialize(bias);
            else OrderedHead.Initialize(bias);
            _networks[i].Initialize(Weights, bias, random.Fork("weights", i));
        }

        _start = new double[layout.Count];
        layout.Encode(space.Default, _start, new bool[layout.Count]);
    }

    /// <summary>What the objective of a training says of one action.</summary>
    /// <param name="slot">Which action.</param>
    /// <param name="log">The logarithm of its likelihood.</param>
    /// <param name="value">The reward expected before it was taken.</param>
    /// <returns>The objective's derivatives by both.</returns>
    public delegate (double ByLog, double ByValue) Objective(int slot, double log, double value);

    /// <summary>How many actions there are at most.</summary>
    public int Actions => _slots.Length;

    /// <summary>The weights of all networks.</summary>
    public double[] Weights { get; }

    /// <summary>Draws a configuration.</summary>
    /// <returns>The logarithm of its likelihood.</returns>
    public double Sample(Situation situation, RandomSource random, double[] unit, bool[] active)
    {
        _start.CopyTo(unit, 0);
        _layout.Settle(unit, active);
        var sum = 0.0;
        var away = new Distance();
        for (var i = 0; i < _slots.Length; i++)
        {
            var slot = _slots[i];
            var j = slot.Dimension;
            if (slot.Encoded.Hyperparameter.ActiveWhen is not null) _layout.Settle(unit, active);
            if (active[j])
            {
                Run(i, situation, away);
                if (_choices[i] is { } choice)
                {
                    choice.Open(_output, BestValue(slot, situation));
                    var value = choice.Sample(random);
                    unit[j] = slot.Encoded.UnitOfLevel(value);
                    sum += choice.LogLikelihood(value, 0, default);
                }
                else
                {
                    _ordered.Open(_output, BestUnit(slot, situation));
                    unit[j] = _ordered.Sample(random);
                    sum += _ordered.LogLikelihood(slot.BinOf(unit[j]), 0, default);
                    if (!slot.IsContinuum) unit[j] = slot.Encoded.Snap(unit[j]);
                }
            }

            Note(i, situation, unit[j], active[j], ref away);
        }

        _layout.Settle(unit, active);
        return sum;
    }

    /// <summary>Goes over the actions of an episode and adds the objective's derivatives by the weights.</summary>
    /// <param name="episode">The episode.</param>
    /// <param name="objective">What its actions are worth.</param>
    /// <param name="entropy">How much the mean entropy of the episode's distributions is worth; 0: it is not looked at.</param>
    /// <param name="gradient">Receives the derivatives, as many as there are weights; null: they are not wanted.</param>
    /// <returns>The mean entropy, by that of even distributions; 1 where it is not looked at.</returns>
    public double Walk(Episode episode, Objective objective, double entropy, double[]? gradient)
    {
        var away = new Distance();
        double spread = 0, share = 0;
        if (entropy != 0)
        {
            var chosen = 0;
            foreach (var slot in _slots) chosen += episode.IsChosen[slot.Dimension] ? 1 : 0;
            share = 1.0 / Math.Max(chosen, 1);
        }

        for (var i = 0; i < _slots.Length; i++)
        {
            var slot = _slots[i];
            var unit = episode.Unit[slot.Dimension];
            if (episode.IsChosen[slot.Dimension])
            {
                Run(i, episode.Situation, away);
                var outputs = _networks[i].Outputs;
                var by = _byOutput.AsSpan(0, outputs);
                by.Clear();
                if (_choices[i] is { } choice)
                {
                    choice.Open(_output, BestValue(slot, episode.Situation));
                    var value = slot.ValueOf(unit);
                    var (byLog, byValue) = objective(i, choice.LogLikelihood(value, 0, default), _output[outputs - 1]);
                    if (byLog != 0) choice.LogLikelihood(value, byLog, by);
                    by[^1] = byValue;
                    if (entropy != 0) spread += share * choice.Entropy(share * entropy, by);
                }
                else
                {
                    _ordered.Open(_output, BestUnit(slot, episode.Situation));
                    var bin = slot.BinOf(unit);
                    var (byLog, byValue) = objective(i, _ordered.LogLikelihood(bin, 0, default), _output[outputs - 1]);
                    if (byLog != 0) _ordered.LogLikelihood(bin, byLog, by);
                    by[^1] = byValue;
                    if (entropy != 0) spread += share * _ordered.Entropy(share * entropy, by);
                }

                if (gradient is not null) _networks[i].Backward(Weights, gradient, _input.AsSpan(0, _networks[i].Inputs), _hidden, by);
            }

            Note(i, episode.Situation, unit, episode.IsChosen[slot.Dimension], ref away);
        }

        return entropy != 0 ? spread : 1;
    }

    private static int BestValue(ActionSlot slot, Situation situation) => situation.HasBest(slot.Dimension) ? slot.ValueOf(situation.Best[slot.Dimension]) : -1;

    private static double BestUnit(ActionSlot slot, Situation situation) => situation.HasBest(slot.Dimension) ? situation.Best[slot.Dimension] : double.NaN;

    private void Run(int i, Situation situation, Distance away)
    {
        var slot = _slots[i];
        var input = _input.AsSpan(0, _networks[i].Inputs);
        situation.Features.CopyTo(input);
        var at = Situation.FeatureCount;
        var hasBest = situation.HasBest(slot.Dimension);
        slot.Write(hasBest ? situation.Best[slot.Dimension] : 0, hasBest, input[at..]);
        at += slot.BlockSize;
        input[at++] = away.Mean;
        var first = _blockAt[Math.Max(0, i - MostBefore)];
        _blocks.AsSpan(first, _blockAt[i] - first).CopyTo(input[at..]);
        _networks[i].Forward(Weights, input, _hidden, _output);
    }

    private void Note(int i, Situation situation, double unit, bool isThere, ref Distance away)
    {
        var slot = _slots[i];
        slot.Write(unit, isThere, _blocks.AsSpan(_blockAt[i], slot.BlockSize));
        if (!isThere || !situation.HasBest(slot.Dimension)) return;
        var best = situation.Best[slot.Dimension];
        away = away.Plus(slot.IsChoice ? slot.ValueOf(unit) == slot.ValueOf(best) ? 0 : 1 : 4 * Math.Abs(unit - best));
    }

    /// <summary>How far what was chosen so far is from the best trial, on average.</summary>
    private readonly record struct Distance(double Sum, int Count)
    {
        public double Mean => Count == 0 ? 0 : Sum / Count;

        public Distance Plus(double distance) => new(Sum + distance, Count + 1);
    }
}
