using System.Globalization;
using AutoTune.Spaces;
using AutoTune.Tuners.GaussianProcess;
using AutoTune.Tuners.Populations;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Annealing;

/// <summary>Simulated annealing from one point, with restarts; see <see cref="Cooling"/> and <see cref="LossSpread"/>.</summary>
/// <remarks>
/// A trial of the present run becomes its point where it is no worse, or worse by d spreads with the probability exp(-d / T) (Metropolis and others 1953;
/// Kirkpatrick and others 1983); a trial of anybody else, or of an earlier run, where it is better. Trials that run at a time step from the same point. When
/// a run has ended the next begins at the best trial, and every other one at a new point. Points that meet the requirements never give way
/// to others. Not thread-safe.
/// </remarks>
internal sealed class AnnealingTuner : ITuner
{
    private const string Key = "annealing";
    private const int LongestRun = 300, RunWithoutLimit = 150;
    private readonly SearchSpace _space;
    private readonly AnnealingOptions _options;
    private readonly RandomSource _random;
    private readonly int _length;
    private readonly InitialDesign _design;
    private readonly Novelty _novelty;
    private readonly LossSpread _spread = new();
    private Individual? _point, _best;
    private int _told, _run, _runTrials;

    /// <param name="space">The space.</param>
    /// <param name="options">How it searches.</param>
    /// <param name="random">Randomness for the whole study.</param>
    /// <param name="trials">After how many trials the study ends; null: no such limit.</param>
    public AnnealingTuner(SearchSpace space, AnnealingOptions options, RandomSource random, int? trials = null)
    {
        _space = space;
        _options = options.Validated();
        _random = random.Fork(Key);
        _length = options.RunLength ?? LengthFor(trials - options.InitialTrials);
        _design = new InitialDesign(space, new SpaceLayout(space), _random, options.InitialTrials);
        _novelty = new Novelty(space, Key);
    }

    /// <summary>Where it stands.</summary>
    internal Individual? Point => _point;

    /// <summary>How many runs came before the present one.</summary>
    internal int Restarts => _run;

    public void Tell(Trial trial)
    {
        _told++;
        _novelty.Tell(trial.Configuration);
        var point = Individual.Of(trial, _space);
        if (point.Standing is { HasLoss: true, Violation: 0 }) _spread.Tell(point.Standing.Loss);
        if (point.Standing.HasLoss)
        {
            if (_best is null || point.Standing < _best.Standing) _best = point;
            if (_point is null || IsAccepted(point.Standing, _point.Standing, RunOf(trial) == _run)) _point = point;
        }

        if (_told <= _options.InitialTrials || ++_runTrials < _length) return;
        _run++;
        _runTrials = 0;
        // At a new point: null, until a trial of the run, or somebody's, has a loss.
        _point = _run % 2 == 0 ? null : _best;
    }

    public Proposal Ask(AskRequest request)
    {
        var index = _told + request.Pending.Length;
        return _novelty.Propose(request, (draw, random) => index < _options.InitialTrials || _point is null ? First(index, draw, random) : Move(_point, request.Pending.Length, draw, random));
    }

    private static int LengthFor(int? trials)
    {
        if (trials is not { } all) return RunWithoutLimit;
        var runs = Math.Max(1, (all + LongestRun - 1) / LongestRun);
        return Math.Max(2, (all + runs - 1) / runs);
    }

    private Draft First(int index, int draw, RandomSource random)
        => new(draw == 0 ? _design[index] : _space.Sample(random), Note(_run), index == 0 ? "the default configuration" : "a start");

    private Draft Move(Individual from, int pending, int draw, RandomSource random)
    {
        var temperature = Temperature(_runTrials + pending);
        var unit = Cooling.Move(_space, from, temperature, random);
        _space.Widen(unit, Novelty.WidthOf(draw), random);
        return new Draft(_space.Encoding.Decode(unit), Note(_run), string.Create(CultureInfo.InvariantCulture, $"a step from {from.Trial} at temperature {temperature:G2}"));
    }

    private bool IsAccepted(Standing now, Standing before, bool isOfRun)
    {
        if (now.CompareTo(before) <= 0) return true;
        if (!isOfRun || _told <= _options.InitialTrials || now.Violation > 0) return false;
        var worse = _spread.Between(before.Loss, now.Loss);
        return _random.Fork("accept", _told).NextDouble() < PortableMath.Exp(-worse / Temperature(_runTrials));
    }

    private double Temperature(int trial) => Cooling.Temperature(_options.InitialTemperature, _options.FinalTemperature, trial, _length);

    private static string Note(int run) => run.ToString(CultureInfo.InvariantCulture);

    private static int? RunOf(Trial trial)
        => Novelty.NoteOf(trial, Key) is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var run) ? run : null;
}
