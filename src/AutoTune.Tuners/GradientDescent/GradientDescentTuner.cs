using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Spaces;
using AutoTune.Tuning;

namespace AutoTune.Tuners.GradientDescent;

/// <summary>Goes downhill along the gradients that trials report, from one start after the other; see <see cref="TrustRegion"/>.</summary>
/// <remarks>
/// A step belongs to the region of its run, found again by its tag; all else is a start. When a region can go no further the next begins at the best
/// trial with a gradient that no run has come from or to, or at a new Sobol point. Where several trials run at a time they take steps of different
/// lengths from one point, and beyond five of those new starts. Not thread-safe.
/// </remarks>
internal sealed class GradientDescentTuner : ITuner
{
    private const int MostWithoutGradient = 3;
    private const double ClaimedReach = 0.1; // of the range, for each coordinate: nearer than this is the same start
    private const int Draws = 100, Shortenings = 10;
    private static readonly double[] Shares = [1, 0.5, 2, 0.25, 4]; // of the radius, for trials that run at a time
    private readonly SearchSpace _space;
    private readonly GradientDescentOptions _options;
    private readonly ImmutableArray<int> _moving;
    private readonly SobolSequence? _sequence;
    private readonly Configuration _start;
    private readonly List<GradientPoint> _points = []; // with a gradient
    private readonly List<GradientPoint> _claimed = []; // where runs began or ended
    private readonly HashSet<Configuration> _known = []; // membership only
    private readonly double _unit; // a step of the whole range in every coordinate that moves
    private readonly DifferenceNoise _noise;
    private TrustRegion? _region;
    private GradientPoint? _best;
    private string _restart = "";
    private int _runs, _startsTold, _completed;

    public GradientDescentTuner(SearchSpace space, GradientDescentOptions options, RandomSource random)
    {
        _space = space;
        _options = options.Validated();
        var seeds = random.Fork("gradient descent");
        _moving = [.. space.Encoding.Dimensions.Where(dimension => dimension is { Levels: null, Hyperparameter.Domain: RealDomain }).Select(dimension => dimension.Hyperparameter.Index)];
        _noise = new DifferenceNoise(_moving);
        _unit = Math.Sqrt(_moving.Length);
        _sequence = _moving.IsEmpty ? null : new SobolSequence(_moving.Length, seeds);
        var start = options.Start is { } set ? space.Configure(set) : space.Default;
        _start = space.MeetsConstraints(start) ? start : space.Sample(seeds.Fork("start"));
    }

    internal TrustRegion? Region => _region;

    public void Tell(Trial trial)
    {
        _known.Add(trial.Configuration);
        var tag = StepTag.Of(trial);
        if (tag is { IsStart: true }) _startsTold++;
        if (trial.Outcome is TrialOutcome.Completed) _completed++;
        if (_moving.IsEmpty) return;
        var point = GradientPoint.Of(trial, _space.Encoding, _moving);
        if (point.Standing.HasLoss && (_best is null || point.Standing < _best.Standing)) _best = point;
        if (point.Gradient.Length > 0) _points.Add(point);
        _noise.Add(point);
        if (_region is { } region)
        {
            var hasMoved = point.IsBeside(region.Incumbent, _moving) && region.Tell(point, tag);
            if (!hasMoved && point.IsUsable && point.Standing < region.Incumbent.Standing) Begin(point, "a better trial elsewhere");
            else EndIfOver(region);
        }

        if (_region is null && _points.Count >= _options.Starts && NextStart() is { } next) Begin(next, _restart);
    }

    public Proposal Ask(AskRequest request)
    {
        if (_moving.IsEmpty)
            return new Proposal.Exhausted("gradient descent moves real hyperparameters without steps, and the space has none; use another tuner");
        if (_points.Count == 0 && _completed >= MostWithoutGradient)
        {
            return new Proposal.Exhausted(string.Create(CultureInfo.InvariantCulture,
                $"none of {_completed} completed trials returned a derivative by a hyperparameter that moves; return TrialValues.WithGradient(...) from the objective, or use another tuner"));
        }

        var pending = new HashSet<Configuration>(); // membership only
        int starts = _startsTold, steps = 0;
        foreach (var trial in request.Pending)
        {
            pending.Add(trial.Configuration);
            if (StepTag.Of(trial) is not { } tag) continue;
            if (tag.IsStart) starts++;
            else if (tag == _region?.Tag) steps++;
        }

        if (_region is { } region && Step(region, steps, pending) is { } step) return step;
        return StartAt(starts, pending, request.Random);
    }

    private Proposal.Evaluate? Step(TrustRegion region, int from, HashSet<Configuration> pending)
    {
        var unit = new double[_space.Encoding.Dimensions.Length];
        for (var k = from; k < Shares.Length; k++)
        {
            var (length, change) = region.Next(Shares[k], unit);
            for (var cut = 0; cut < Shortenings && length > 0; cut++)
            {
                var configuration = _space.Encoding.Decode(unit);
                if (IsNew(configuration, pending))
                {
                    var why = string.Create(CultureInfo.InvariantCulture, $"step of {length / _unit:G2} of the range; the loss is expected to change by {change:G3}");
                    return new Proposal.Evaluate(configuration, region.Tag.ToTags(region.Epoch == 0 && region.Reason.Length > 0 ? $"{region.Reason}; {why}" : why));
                }

                if (_space.ConstraintNames.IsEmpty) break; // known: another length then
                length /= 2;
                change /= 2;
                foreach (var j in _moving) unit[j] = 0.5 * (unit[j] + region.Incumbent.Unit[j]);
            }
        }

        return null;
    }

    private Proposal.Evaluate StartAt(int index, HashSet<Configuration> pending, RandomSource random)
    {
        if (index == 0 && IsNew(_start, pending)) return new Proposal.Evaluate(_start, StepTag.Start.ToTags("the start"));
        var unit = new double[_space.Encoding.Dimensions.Length];
        _space.Encoding.Encode(_best?.Configuration ?? _start, unit, []);
        var draw = new double[_moving.Length];
        _sequence!.Point(index, draw);
        for (var k = 0; k < Draws; k++)
        {
            for (var i = 0; i < draw.Length; i++) unit[_moving[i]] = k == 0 ? draw[i] : random.NextDouble();
            var configuration = _space.Encoding.Decode(unit);
            if (IsNew(configuration, pending)) return new Proposal.Evaluate(configuration, StepTag.Start.ToTags(_restart.Length > 0 ? $"a new start: {_restart}" : "a new start"));
        }

        return new Proposal.Evaluate(_space.Sample(random), StepTag.Start.ToTags("a random start: no other was found that is new and meets the constraints"));
    }

    private void EndIfOver(TrustRegion region)
    {
        var least = _options.LeastStep * _unit;
        var (length, change) = region.Next(1, new double[region.Incumbent.Unit.Length]);
        if (region.Radius >= least && length >= least && change < 0) return;
        var found = string.Create(CultureInfo.InvariantCulture, $"{region.Incumbent.Standing.Loss:G4}");
        _restart = region.Radius < least
            ? $"run {region.Run} ended at the loss {found}, as no step of {Share(_options.LeastStep)} of the range or more went down"
            : $"run {region.Run} arrived at the loss {found}, as its next step would be shorter than {Share(_options.LeastStep)} of the range";
        _claimed.Add(region.Incumbent);
        _region = null;
    }

    private void Begin(GradientPoint start, string reason)
    {
        _claimed.Add(start);
        _region = new TrustRegion(_runs++, start, _moving, _options.InitialStep * _unit, _noise, reason);
        EndIfOver(_region);
    }

    private GradientPoint? NextStart()
    {
        GradientPoint? next = null;
        foreach (var point in _points)
        {
            if (point.IsUsable && (next is null || point.Standing < next.Standing) && !_claimed.Exists(claimed => claimed.SquaredDistance(point, _moving) <= ClaimedReach * _unit * (ClaimedReach * _unit))) next = point;
        }

        return next;
    }

    private bool IsNew(Configuration configuration, HashSet<Configuration> pending)
        => !_known.Contains(configuration) && !pending.Contains(configuration) && _space.MeetsConstraints(configuration);

    private static string Share(double share) => share.ToString("0.######", CultureInfo.InvariantCulture);
}
