using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Tuners.Online;

namespace AutoTune;

/// <summary>
/// A live model whose hyperparameters are adapted while it learns from a stream that may change. A champion and its challengers learn side by side; challengers are copies with other
/// hyperparameters, champions of the past, and after a drift also fresh weights. Each batch is predicted before it is learnt from.
/// </summary>
/// <typeparam name="TBatch">Some examples of the stream, with their labels.</typeparam>
/// <typeparam name="TOutput">What a model says of a batch.</typeparam>
/// <remarks>
/// After ChaCha (Wu and others 2021, "ChaCha for online AutoML": a champion, challengers judged while they learn, a limit to how many live) and population based training
/// (Jaderberg and others 2017: challengers begin with the champion's weights). Adapters for TorchSharp and ML.NET make it: <c>TuneOnline</c>. To be used by one thread at
/// a time. What is decided repeats with the seed and the stream. If a model throws, the exception comes through and the tuner is not to be used any more: load its last state.
/// </remarks>
public sealed partial class OnlineTuner<TBatch, TOutput> : IDisposable
{
    private const double Surprise = 0.6; // of the drift monitor's threshold, by a single batch
    private const int ChangesKept = 1000;
    private const long Never = long.MinValue / 2;
    private readonly SearchSpace _space;
    private readonly IOnlineLearner<TBatch, TOutput> _learner;
    private readonly OnlineOptions _options;
    private readonly RandomSource _random;
    private readonly Configuration _start;
    private readonly OnlineState _state;
    private readonly List<OnlineChange> _changes = [];
    // All of these are replaced at once when a state is loaded.
    private Mixture _mixture = new();
    private DriftMonitor _drift;
    private Proposals _proposals;
    private Roster<TBatch, TOutput> _roster;
    private ChampionArchive<TBatch, TOutput> _archive;
    private long _driftBatch = Never;
    private long _begun; // after which batch all was begun, the last time
    private double _total, _championTotal;
    private long _counted;
    private bool _isSuspect; // the last batch was a surprise
    private bool _isDisposed;

    /// <summary>Begins with the first champion, and challengers about it.</summary>
    /// <param name="space">What is adapted.</param>
    /// <param name="learner">Makes models; the tuner disposes them.</param>
    /// <param name="options">How many models live, and how they are judged; null: the defaults.</param>
    /// <exception cref="ArgumentException">The space is empty, or an option is of another space or breaks its rules.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public OnlineTuner(SearchSpace space, IOnlineLearner<TBatch, TOutput> learner, OnlineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(learner);
        (_space, _learner, _options) = (space, learner, (options ?? new OnlineOptions()).Validated(space));
        _random = new RandomSource(_options.Seed).Fork("online");
        _state = new OnlineState(space);
        // Through the encoding, so that a state that is loaded has the same to the last digit. Defaults may break the space's rules; then chance begins.
        _start = Encoded(_options.Start ?? (space.MeetsConstraints(space.Default) ? space.Default : space.Sample(_random.Fork("default"))));
        (_drift, _proposals, _archive) = (NewDrift(), NewProposals(), new ChampionArchive<TBatch, TOutput>(_options.Archive));
        _roster = NewRoster(_proposals);
        Begin();
    }

    /// <summary>How many examples it has learnt from.</summary>
    public long Examples { get; private set; }

    /// <summary>How many batches it has learnt from.</summary>
    public long Batches { get; private set; }

    /// <summary>How often a model learnt from a batch, over all models: the cost.</summary>
    public long Updates { get; private set; }

    /// <summary>The mean loss of an example over the whole stream, predicted before it was learnt from. Batches on which every model's loss was not finite are left out.</summary>
    public double MeanLoss => _total / _counted;

    /// <summary>The same for the champions alone.</summary>
    public double ChampionMeanLoss => _championTotal / _counted;

    /// <summary>The champion's hyperparameters.</summary>
    public Configuration Configuration => Alive.Champion.Configuration;

    /// <summary>The champion. It belongs to the tuner, and changes with the next batch.</summary>
    public IOnlineModel<TBatch, TOutput> Champion => Alive.Champion.Model;

    /// <summary>The live models with their weights in the mixture, the champion first.</summary>
    public ImmutableArray<OnlineMember<TBatch, TOutput>> Members
    {
        get
        {
            var weights = Weights();
            return [.. Alive.Models.Select((model, i) => new OnlineMember<TBatch, TOutput>(model.Id, model.Configuration, weights[i], model.Mean, model.Model))];
        }
    }

    /// <summary>What was changed, and why, in the order of time: the last 1,000 changes; older ones are forgotten, so that a live model does not grow.</summary>
    public IReadOnlyList<OnlineChange> Changes => _changes;

    /// <summary>Predicts a batch, then learns from it, then judges the models.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="examples">How many examples it holds.</param>
    /// <returns>The mean loss of the batch, predicted before it was learnt from.</returns>
    /// <exception cref="ArgumentException">The loss is not finite even for a model with fresh weights: something is wrong with the batch. It is left out: the tuner is as it was before.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="examples"/> is below 1.</exception>
    /// <exception cref="ObjectDisposedException">The tuner was disposed.</exception>
    public double Learn(TBatch batch, int examples)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (examples < 1) throw new ArgumentOutOfRangeException(nameof(examples), examples, "A batch must hold 1 or more examples; skip empty ones.");
        var (losses, loss) = Test(batch);
        if (!Array.Exists(losses, double.IsFinite)) return Restart(batch, examples, loss);
        foreach (var model in _roster.Models) model.Model.Learn(batch, _random.Fork("learn", model.Id).Fork("batch", Batches));
        Updates += _roster.Models.Count;
        Batches++;
        Examples += examples;
        _counted += examples;
        _total += loss * examples;
        _championTotal += (double.IsFinite(losses[0]) ? losses[0] : loss) * examples;
        _roster.Judge(losses, _mixture, Batches, Batches - _driftBatch <= _options.Settling);
        var (before, champions) = (_drift.Excess, double.IsFinite(losses[0]) ? losses[0] : loss);
        // The champion's loss: the mixture's may be saved by a challenger within one batch. And after a surprise that of the champion as it was: it may have learnt the new within one batch, too.
        var observed = _isSuspect ? Math.Max(champions, _archive.LatestLoss(model => LossOf(model, batch)) ?? champions) : champions;
        var isDrift = _drift.Observe(observed);
        var isSurprise = _drift.Excess - before > Surprise;
        _isSuspect = isSurprise && !isDrift;
        if (Batches == _begun + 1 || isSurprise) _roster.Reweigh([.. _roster.Models.Select(model => LossOf(model.Model, batch))]);
        else _roster.Silence(model => LossOf(model, batch), champions, Weights());
        if (_isSuspect) BeginRaised(makeRoom: true);
        if (isDrift) Widen(batch);
        else if (_drift.IsCalm) _archive.Note(_roster.Champion, Batches);
        Fill();
        return loss;
    }

    /// <summary>What is predicted of a batch now: by the mixture or the champion, as <see cref="OnlineOptions.Prediction"/> says.</summary>
    /// <param name="batch">The batch; its labels are not looked at.</param>
    /// <exception cref="ObjectDisposedException">The tuner was disposed.</exception>
    public TOutput Predict(TBatch batch)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var weights = Weights();
        var parts = _roster.Models.Select((model, i) => (Model: model, Weight: weights[i])).Where(part => part.Weight > 0).ToList();
        if (parts.Count == 1) return parts[0].Model.Predict(batch);
        var outputs = parts.ConvertAll(part => (part.Model.Predict(batch), part.Weight));
        var mixed = _learner.Mix(outputs);
        foreach (var (output, _) in outputs) Free(output);
        return mixed;
    }

    /// <summary>Frees all models.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _roster.Dispose();
        _archive.Dispose();
    }

    private Roster<TBatch, TOutput> Alive
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _roster;
        }
    }

    private (double[] Losses, double Loss) Test(TBatch batch)
    {
        var weights = Weights();
        var tests = _roster.Models.Select(model => model.Test(batch, _learner)).ToList();
        var (outputs, losses) = (tests.ConvertAll(test => test.Output), tests.Select(test => test.Loss).ToArray());
        // Who says nothing finite has no say. That is seen of the output; of the loss here, since outputs are the learner's own.
        var parts = outputs.Select((output, i) => (Output: output, Weight: double.IsFinite(losses[i]) ? weights[i] : 0)).Where(part => part.Weight > 0).ToList();
        double loss;
        if (parts.Count >= 2)
        {
            var sum = parts.Sum(part => part.Weight);
            var mixed = _learner.Mix(parts.ConvertAll(part => (part.Output, part.Weight / sum)));
            loss = _learner.Loss(mixed, batch);
            Free(mixed);
        }
        else
        {
            // One alone speaks; if all who had a say have diverged, the first who has not.
            var speaker = Enumerable.Range(0, losses.Length).Where(i => double.IsFinite(losses[i])).OrderByDescending(i => weights[i] > 0).FirstOrDefault(-1);
            loss = speaker < 0 ? double.PositiveInfinity : losses[speaker];
        }

        foreach (var output in outputs) Free(output);
        return (losses, loss);
    }

    private double[] Weights()
    {
        var weights = new double[_roster.Models.Count];
        if (_options.Prediction == OnlinePrediction.Champion) weights[0] = 1;
        else _mixture.Weigh([.. _roster.Models.Select(model => model.HasSay ? model.Faded : double.PositiveInfinity)], weights);
        return weights;
    }

    private double LossOf(IOnlineModel<TBatch, TOutput> model, TBatch batch)
    {
        var output = model.Predict(batch);
        var loss = _learner.Loss(output, batch);
        Free(output);
        return double.IsFinite(loss) ? loss : double.PositiveInfinity;
    }

    private static void Free(TOutput output) => (output as IDisposable)?.Dispose();

    private void Begin()
    {
        _roster.Add(Made(_start), _start, null, Batches);
        foreach (var configuration in _proposals.First(_random.Fork("start", _roster.NextId)).Take(2 * _options.Models))
        {
            if (_roster.HasRoom && !IsLive(configuration)) _roster.Add(Made(configuration), configuration, new Move(Origin.Fresh), Batches);
        }
    }

    private void Widen(TBatch batch)
    {
        var (before, since) = _drift.Means;
        Tell(OnlineChangeKind.Drift, _roster.Champion.Id, Configuration, string.Create(CultureInfo.InvariantCulture, $"drift: the mean loss rose from {before:G3} to {since:G3}"));
        _drift.Reset();
        _driftBatch = Batches;
        _roster.Clear(Batches);
        var champion = _roster.Champion;
        if (_roster.HasRoom && _archive.Best(model => LossOf(model, batch), LossOf(champion.Model, batch)) is { } past)
            _roster.Add(past.Model.Copy(past.Configuration), past.Configuration, new Move(Origin.Archive), Batches);
        _archive.Close();
        if (_roster.HasRoom) _roster.Add(Made(_proposals.Fresh), _proposals.Fresh, new Move(Origin.Fresh), Batches, grace: _options.Settling / 2);
        BeginRaised(makeRoom: false);
    }

    private void BeginRaised(bool makeRoom)
    {
        var champion = _roster.Champion;
        List<Configuration> wanted = [.. _proposals.AfterDrift(champion.Configuration).Where(configuration => !IsLive(configuration))];
        if (makeRoom) _roster.MakeRoom(wanted.Count);
        foreach (var configuration in wanted)
        {
            if (_roster.HasRoom) _roster.Add(champion.Model.Copy(configuration), configuration, new Move(Origin.Raised), Batches);
        }
    }

    private void Fill()
    {
        var champion = _roster.Champion;
        if (Live(Origin.Sentinel) is null && _roster.HasRoom && _proposals.Sentinel(champion.Configuration) is { } raised)
            _roster.Add(champion.Model.Copy(raised), raised, new Move(Origin.Sentinel), Batches);
        if (Live(Origin.Explorer) is null && _roster.HasRoom && _proposals.Explorer(champion.Configuration) is { } faster && !IsLive(faster))
            _roster.Add(champion.Model.Copy(faster), faster, new Move(Origin.Explorer), Batches);
        if (Live(Origin.Explorer) is { } explorer && Batches - explorer.Born >= _options.Settling && Live(Origin.Settle) is null && _roster.HasRoom)
        {
            var settled = _proposals.Settle(champion.Configuration);
            _roster.Add(explorer.Model.Copy(settled), settled, new Move(Origin.Settle), Batches, grace: _options.Settling / 2);
        }

        while (_roster.HasRoom)
        {
            List<Move> tried = [.. _roster.Models.Skip(1).Select(model => model.Move).OfType<Move>()];
            List<Configuration> live = [.. _roster.Models.Select(model => model.Configuration)];
            if (_proposals.Next(champion.Configuration, tried, live, _random.Fork("move", _roster.NextId)) is not { } next) return;
            _roster.Add(champion.Model.Copy(next.Configuration), next.Configuration, next.Move, Batches);
        }
    }

    private double Restart(TBatch batch, int examples, double loss)
    {
        var fresh = Made(_start);
        if (!double.IsFinite(LossOf(fresh, batch)))
        {
            fresh.Dispose();
            throw new ArgumentException($"The loss of batch {Batches + 1} is not finite for any model, not even for one with fresh weights: look for NaN or infinite values in its inputs and labels.", nameof(batch));
        }

        fresh.Dispose();
        Batches++;
        Examples += examples;
        Tell(OnlineChangeKind.Restarted, _roster.NextId, _start, "all models have diverged: begun anew with fresh weights");
        // As at the very beginning: what was known of losses was of models that are no more.
        (_begun, _driftBatch, _isSuspect, _mixture) = (Batches, Never, false, new Mixture());
        _drift.Reset();
        _roster.Dispose();
        Begin();
        return loss;
    }

    /// <summary>A challenger of that origin; null: there is none.</summary>
    private LiveModel<TBatch, TOutput>? Live(Origin origin) => _roster.Models.Skip(1).FirstOrDefault(model => model.Move?.Origin == origin);

    private bool IsLive(Configuration configuration) => _roster.Models.Any(model => model.Configuration.Equals(configuration));

    private IOnlineModel<TBatch, TOutput> Made(Configuration configuration) => _learner.Create(configuration, _random.Fork("weights", _roster.NextId));

    private Configuration Encoded(Configuration configuration)
    {
        var unit = new double[_space.Hyperparameters.Length];
        _space.Encoding.Encode(configuration, unit, []);
        return _space.Encoding.Decode(unit);
    }

    private void Tell(OnlineChangeKind kind, int model, Configuration configuration, string reason)
    {
        if (_changes.Count == ChangesKept) _changes.RemoveAt(0);
        _changes.Add(new OnlineChange(Examples, Batches, kind, model, configuration, string.Create(CultureInfo.InvariantCulture, $"after {Examples:N0} examples: {reason}")));
    }

    private DriftMonitor NewDrift() => new(_options.BatchesPerFalseAlarm);

    private Proposals NewProposals() => new(_space, _start, _options.Raised);

    private Roster<TBatch, TOutput> NewRoster(Proposals proposals)
        => new(_options, _learner, proposals, (kind, model, reason) => Tell(kind, model.Id, model.Configuration, reason));
}
