using System.Globalization;
using AutoTune.Spaces;

namespace AutoTune.Tuners.Online;

/// <summary>Which challenger to begin next: one hyperparameter a step away, or what won before; more often what helped.</summary>
/// <remarks>
/// <code>
/// g       what a move brought: the share by which the loss was lower when it won, 1 at a twentieth or more; 0 when it lost
/// p_m     (1 + G_m) / (2 + T_m),  G_m and T_m the sums of g and 1 over the ends of move m, both fading by 0.8 with each
/// next    move m with probability in proportion to p_m^2; 0.3 of that if a live challenger tries it already, then with twice the step; never a third
/// step_m  at first 0.15 of the range on its scale; times 1.5 after a win or where no difference was seen, 0.6 after a loss; from 0.02 to 0.5
/// </code>
/// Steps that grow with success and shrink with failure: Rechenberg 1973; FLOW2 (Wu and others 2021), by which ChaCha proposes its challengers. Constants chosen.
/// </remarks>
internal sealed class Moves
{
    private const double FirstStep = 0.15, LeastStep = 0.02, MostStep = 0.5, Fading = 0.8, WholeGain = 0.05, Second = 0.3;
    private readonly SearchSpace _space;
    private readonly double[] _gains, _trials, _steps; // two slots a hyperparameter, then Recall

    public Moves(SearchSpace space)
    {
        _space = space;
        var count = 2 * space.Hyperparameters.Length + 1;
        (_gains, _trials, _steps) = (new double[count], new double[count], new double[count]);
        _steps.AsSpan().Fill(FirstStep);
    }

    /// <summary>A configuration next to the champion's, with the move that leads there; null if none was found that no live model has.</summary>
    /// <param name="from">The champion's.</param>
    /// <param name="tried">What live challengers try.</param>
    /// <param name="live">Their configurations.</param>
    /// <param name="recalled">Configurations that won before, the latest first.</param>
    /// <param name="random">Randomness for this choice.</param>
    public (Configuration Configuration, Move Move)? Next(
        Configuration from, IReadOnlyList<Move> tried, IReadOnlyCollection<Configuration> live, IReadOnlyList<Configuration> recalled, RandomSource random)
    {
        var dimensions = _space.Encoding.Dimensions;
        var (unit, active) = (new double[dimensions.Length], new bool[dimensions.Length]);
        _space.Encoding.Encode(from, unit, active);
        List<(Move Move, double Weight)> moves = [];
        for (var j = 0; j < dimensions.Length; j++)
        {
            if (!active[j] || dimensions[j].Levels == 1) continue;
            foreach (var sign in dimensions[j].IsOrdered ? (ReadOnlySpan<int>)[1, -1] : [0])
            {
                var move = new Move(Origin.Step, j, sign);
                var count = tried.Count(other => other == move);
                if (count < 2) moves.Add((move, Weight(move) * (count == 0 ? 1 : Second)));
            }
        }

        var recall = recalled.FirstOrDefault(configuration => !live.Contains(configuration));
        if (recall is not null) moves.Add((new Move(Origin.Recall), Weight(new Move(Origin.Recall))));
        while (moves.Count > 0)
        {
            var draw = random.NextDouble() * moves.Sum(each => each.Weight);
            var at = 0;
            while (at < moves.Count - 1 && (draw -= moves[at].Weight) >= 0) at++;
            var move = moves[at].Move;
            moves.RemoveAt(at);
            if (move.Origin == Origin.Recall) return (recall!, move);
            if (Go(unit, move, _steps[Slot(move)] * (tried.Contains(move) ? 2 : 1), random) is { } next && !live.Contains(next)) return (next, move);
        }

        return null;
    }

    /// <summary>Learns how a move ended.</summary>
    /// <param name="move">The move.</param>
    /// <param name="verdict">1: it won, -1: it lost, 0: no difference was seen.</param>
    /// <param name="gain">The share by which the loss was lower.</param>
    public void Learn(Move? move, int verdict, double gain = 0)
    {
        if (move is not { Origin: Origin.Step or Origin.Recall }) return;
        var slot = Slot(move);
        (_gains[slot], _trials[slot]) = (Fading * _gains[slot] + (verdict > 0 ? Math.Clamp(gain / WholeGain, 0, 1) : 0), Fading * _trials[slot] + 1);
        _steps[slot] = Math.Clamp(_steps[slot] * (verdict < 0 ? 0.6 : 1.5), LeastStep, MostStep);
    }

    /// <summary>How a configuration differs from another, for a reader: "rate 0.01 -> 0.08".</summary>
    public static string Difference(Configuration from, Configuration to)
    {
        var before = from.Values.ToDictionary(value => value.Hyperparameter.Name, Text);
        var parts = to.Values.Where(value => before.GetValueOrDefault(value.Hyperparameter.Name) != Text(value))
            .Select(value => before.TryGetValue(value.Hyperparameter.Name, out var old) ? $"{value.Hyperparameter.Name} {old} -> {Text(value)}" : $"{value.Hyperparameter.Name} {Text(value)}").ToList();
        return parts.Count == 0 ? "the same hyperparameters" : string.Join(", ", parts);

        static string Text(HyperparameterValue value) => value.Value is double number ? number.ToString("G3", CultureInfo.InvariantCulture) : value.Text;
    }

    public void Save(BinaryWriter writer)
    {
        foreach (var numbers in (double[][])[_gains, _trials, _steps])
        {
            foreach (var number in numbers) writer.Write(number);
        }
    }

    public void Load(BinaryReader reader)
    {
        foreach (var numbers in (double[][])[_gains, _trials, _steps])
        {
            for (var i = 0; i < numbers.Length; i++) numbers[i] = reader.ReadDouble();
        }
    }

    private double Weight(Move move)
    {
        var chance = (1 + _gains[Slot(move)]) / (2 + _trials[Slot(move)]);
        return chance * chance;
    }

    private Configuration? Go(ReadOnlySpan<double> unit, Move move, double step, RandomSource random)
    {
        var dimension = _space.Encoding.Dimensions[move.Hyperparameter];
        var moved = unit.ToArray();
        if (move.Sign == 0)
        {
            moved[move.Hyperparameter] = dimension.UnitOfLevel(random.NextInt((int)Math.Min(dimension.Levels!.Value, int.MaxValue)));
        }
        else
        {
            // At least to the next value, where there are few.
            if (dimension.Levels is { } count) step = Math.Max(step, 1.0 / count);
            moved[move.Hyperparameter] = Math.Clamp(moved[move.Hyperparameter] + move.Sign * step, 0, 1);
        }

        var next = _space.Encoding.Decode(moved);
        return _space.MeetsConstraints(next) ? next : null;
    }

    private int Slot(Move move) => move.Origin == Origin.Recall ? _steps.Length - 1 : 2 * move.Hyperparameter + (move.Sign < 0 ? 1 : 0);
}
