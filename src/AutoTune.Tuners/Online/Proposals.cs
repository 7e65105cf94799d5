using System.Collections.Immutable;

namespace AutoTune.Tuners.Online;

/// <summary>Which configurations challengers are begun with: at first, while nothing drifts, after a drift, and for the sentinel. Knows configurations, not models.</summary>
internal sealed class Proposals(SearchSpace space, Configuration start, ImmutableArray<Hyperparameter> raised)
{
    private const double FirstRaise = 0.25; // of the range: tenfold on four decades
    private const double Lowering = 0.7; // of the raise, when the sentinel went astray
    private const double Lead = 0.12, LeastLead = 0.03, Faster = 0.04, Slower = 0.06, Settling = 0.25; // of the range, of the explorer before the champion: threefold on four decades
    private const double Apart = 0.08; // a sentinel that is not raised by more is none
    private const int Recalled = 3;
    private static readonly ImmutableArray<double> Ladder = [0.15, -0.15, 0.3, 0.45, -0.3, -0.45];
    private readonly Moves _moves = new(space);
    private readonly List<Configuration> _won = []; // the latest first
    private Configuration? _sentinel, _afterDrift, _fresh;
    private double _raise = FirstRaise, _pace = double.NaN; // the explorer's height; NaN: not known

    /// <summary>With what fresh weights begin.</summary>
    public Configuration Fresh => _fresh ?? start;

    /// <summary>The first challengers: a ladder of the raised hyperparameters about the start, and chance for the others.</summary>
    public IEnumerable<Configuration> First(RandomSource random)
    {
        for (var i = 0; ; i++)
        {
            var other = space.Sample(random.Fork("first", i));
            if (i >= Ladder.Length || raised.IsEmpty) yield return other;
            else yield return Raise(i == 0 ? start : With(other, start), Ladder[i]);
        }
    }

    /// <summary>The sentinel's, beside a champion; null: none is worth it now.</summary>
    public Configuration? Sentinel(Configuration champion)
    {
        if (raised.IsEmpty) return null;
        if (_sentinel is { } known) return Height(known) > Height(champion) + Apart ? known : null;
        if (Height(Fresh) > Height(champion) + Apart) return Fresh;
        var sentinel = Raise(champion, _raise);
        return Height(sentinel) > Height(champion) + Apart ? sentinel : null;
    }

    /// <summary>
    /// The explorer's. A copy that learns faster is worse at first, for it is noisier, and better in the end; judged by the next batches the slowest would win each time (Wu and others 2018,
    /// "Understanding short-horizon bias in stochastic meta-optimization"). Hence one is let go on, and copies of it, settled at the champion's pace, are judged in its place.
    /// </summary>
    public Configuration? Explorer(Configuration champion)
    {
        if (raised.IsEmpty) return null;
        IsExplorerWorthIt = true;
        var height = Height(champion);
        if (!(_pace > height + LeastLead)) _pace = height + Lead;
        var explorer = Raise(champion, (_pace - height) / raised.Length);
        return Height(explorer) > height ? explorer : null;
    }

    /// <summary>That of a copy of the explorer which is to be judged in its place: the champion's, or where that has become so slow that nothing would settle, raised.</summary>
    public Configuration Settle(Configuration champion) => Raise(champion, Math.Max(0, _pace - Settling - Height(champion)) / raised.Length);

    /// <summary>Whether the last copy of the explorer won, or was not judged yet.</summary>
    public bool IsExplorerWorthIt { get; private set; } = true;

    /// <summary>Those of the copies of the champion after a drift: what won after the last one, or else with fresh weights, or else raised; and half way there.</summary>
    public IEnumerable<Configuration> AfterDrift(Configuration champion)
    {
        if (raised.IsEmpty) return [];
        var plastic = _afterDrift ?? Fresh;
        if (Height(plastic) <= Height(champion) + Apart) plastic = Raise(champion, _raise);
        return [plastic, Raise(champion, (Height(plastic) - Height(champion)) / raised.Length / 2)];
    }

    /// <inheritdoc cref="Moves.Next"/>
    public (Configuration Configuration, Move Move)? Next(Configuration champion, IReadOnlyList<Move> tried, IReadOnlyCollection<Configuration> live, RandomSource random)
        => _moves.Next(champion, tried, live, _won, random);

    /// <summary>A challenger became champion.</summary>
    /// <param name="old">The champion's configuration.</param>
    /// <param name="won">The challenger's.</param>
    /// <param name="move">How it came about.</param>
    /// <param name="gain">The share by which its loss was lower.</param>
    /// <param name="isFirst">Whether models are learning from nothing still.</param>
    /// <param name="isAfterDrift">Whether a drift has just been.</param>
    public void Won(Configuration old, Configuration won, Move? move, double gain, bool isFirst, bool isAfterDrift)
    {
        _moves.Learn(move, 1, gain);
        if (move?.Origin == Origin.Settle) _pace = Math.Min(_pace + Faster, raised.Length);
        if (isFirst || move?.Origin == Origin.Fresh) _fresh = won;
        if (isAfterDrift && !raised.IsEmpty && Height(won) > Height(old)) _sentinel = won;
        if (move?.Origin == Origin.Raised && isAfterDrift) _afterDrift = won;
        _won.Remove(old);
        _won.Insert(0, old);
        if (_won.Count > Recalled) _won.RemoveAt(Recalled);
    }

    /// <summary>A challenger was given up.</summary>
    /// <param name="move">How it came about.</param>
    /// <param name="verdict">-1: it was worse, 0: no difference was seen, 1: it was ahead.</param>
    public void Lost(Move? move, int verdict)
    {
        _moves.Learn(move, verdict);
        if (move?.Origin == Origin.Settle && verdict <= 0) LeadLess();
    }

    /// <summary>The sentinel or the explorer diverged: the next one is raised by less.</summary>
    public void WentAstray(Move move)
    {
        if (move.Origin == Origin.Explorer) LeadLess();
        else (_raise, _sentinel) = (_raise * Lowering, null);
    }

    public void Save(BinaryWriter writer, OnlineState state)
    {
        _moves.Save(writer);
        writer.Write(_raise);
        writer.Write(_pace);
        writer.Write(IsExplorerWorthIt);
        foreach (var configuration in (Configuration?[])[_sentinel, _afterDrift, _fresh]) state.Write(writer, configuration);
        writer.Write(_won.Count);
        foreach (var configuration in _won) state.Write(writer, configuration);
    }

    public void Load(BinaryReader reader, OnlineState state)
    {
        _moves.Load(reader);
        (_raise, _pace, IsExplorerWorthIt) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean());
        (_sentinel, _afterDrift, _fresh) = (state.ReadConfigurationOrNone(reader), state.ReadConfigurationOrNone(reader), state.ReadConfigurationOrNone(reader));
        _won.Clear();
        for (var count = reader.ReadInt32(); count > 0; count--) _won.Add(state.ReadConfiguration(reader));
    }

    private void LeadLess() => (_pace, IsExplorerWorthIt) = (_pace - Slower, false);

    private Configuration Raise(Configuration from, double step)
    {
        var unit = Unit(from);
        foreach (var hyperparameter in raised) unit[hyperparameter.Index] = Math.Clamp(unit[hyperparameter.Index] + step, 0, 1);
        var next = space.Encoding.Decode(unit);
        return space.MeetsConstraints(next) ? next : from;
    }

    /// <summary>A configuration with the raised hyperparameters of another.</summary>
    private Configuration With(Configuration others, Configuration raisedOnes)
    {
        var (unit, own) = (Unit(others), Unit(raisedOnes));
        foreach (var hyperparameter in raised) unit[hyperparameter.Index] = own[hyperparameter.Index];
        var next = space.Encoding.Decode(unit);
        return space.MeetsConstraints(next) ? next : others;
    }

    private double Height(Configuration configuration)
    {
        var (unit, sum) = (Unit(configuration), 0.0);
        foreach (var hyperparameter in raised) sum += unit[hyperparameter.Index];
        return sum;
    }

    private double[] Unit(Configuration configuration)
    {
        var unit = new double[space.Hyperparameters.Length];
        space.Encoding.Encode(configuration, unit, []);
        return unit;
    }
}
