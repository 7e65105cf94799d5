using System.Globalization;
using AutoTune.Spaces;

namespace AutoTune.Tuners.Online;

/// <summary>The live models: the champion first, then those that challenge it. Judges them, and says what it changed and why.</summary>
/// <param name="options">The options.</param>
/// <param name="learner">Makes models.</param>
/// <param name="proposals">Chooses configurations.</param>
/// <param name="tell">Takes a change: what, which model, why.</param>
internal sealed class Roster<TBatch, TOutput>(
    OnlineOptions options, IOnlineLearner<TBatch, TOutput> learner, Proposals proposals, Action<OnlineChangeKind, LiveModel<TBatch, TOutput>, string> tell) : IDisposable
{
    private const double ScaleFading = 0.9;
    private const double LeastGain = 0.005; // chosen: a challenger that is better by less changes nothing, and its promotion would end all contests
    private const double Astray = 100; // mean losses: a sentinel is noisy, but does not learn what the champion cannot unlearn
    private const int First = 2; // batches that a model must have seen before it is listened to: the second shows what learning from the first did to it
    private readonly List<LiveModel<TBatch, TOutput>> _models = [];
    private double _scale, _scaleWeight;
    private int _nextId;

    public IReadOnlyList<LiveModel<TBatch, TOutput>> Models => _models;

    public LiveModel<TBatch, TOutput> Champion => _models[0];

    public bool HasRoom => _models.Count < options.Models;

    /// <summary>The number of the next model: what it draws depends on it alone.</summary>
    public int NextId => _nextId;

    /// <summary>The champion's mean loss of late: the unit of differences.</summary>
    public double Unit => Math.Max(_scale / _scaleWeight, double.Epsilon);

    public LiveModel<TBatch, TOutput> Add(IOnlineModel<TBatch, TOutput> model, Configuration configuration, Move? move, long batch, int grace = 0)
    {
        var live = new LiveModel<TBatch, TOutput>(_nextId++, model, configuration, move, batch)
        {
            Lease = options.Patience, Grace = grace, Stays = move is { Origin: Origin.Sentinel or Origin.Explorer },
            // It enters behind all others: what it will say is not known.
            Faded = _models.Count == 0 ? 0 : _models.Max(other => other.Faded), HasSay = _models.Count == 0,
        };
        _models.Add(live);
        if (move is not null) tell(OnlineChangeKind.Started, live, $"model {live.Id} begins as {move.Text}: {Moves.Difference(Champion.Configuration, configuration)}");
        return live;
    }

    /// <summary>Takes the losses of a batch, in the order of the models; at least one is finite.</summary>
    /// <param name="losses">Each model's loss before it learnt from the batch.</param>
    /// <param name="mixture">Learns how much say each has.</param>
    /// <param name="batch">How many batches have been.</param>
    /// <param name="isAfterDrift">Whether a drift has just been.</param>
    public void Judge(ReadOnlySpan<double> losses, Mixture mixture, long batch, bool isAfterDrift)
    {
        var known = double.IsFinite(losses[0]) ? losses[0] : _scaleWeight == 0 ? LeastOf(losses) : double.NaN;
        if (!double.IsNaN(known)) (_scale, _scaleWeight) = (ScaleFading * _scale + Math.Abs(known), ScaleFading * _scaleWeight + 1);
        var (unit, own) = (Unit, losses.ToArray());
        Weigh(own, mixture, unit, batch);
        if (!double.IsFinite(own[0])) own = [.. Dethrone(own)];
        LiveModel<TBatch, TOutput>? winner = null;
        for (var i = _models.Count - 1; i > 0; i--)
        {
            var model = _models[i];
            if (!double.IsFinite(own[i]) || (model.Stays && own[i] > Astray * unit))
            {
                if (model.Stays) proposals.WentAstray(model.Move!);
                Drop(model, -1, "it has diverged");
                continue;
            }

            if (model.Grace-- > 0) continue;
            model.Contest.Add(own[0], own[i], unit);
            model.Lease--;
            var verdict = model.Contest.Verdict(options.Error);
            if (verdict > 0 && model.Contest.Mean > LeastGain * unit) winner = winner is null || model.Contest.Mean > winner.Contest.Mean ? model : winner;
            else if (model.Stays) (model.Lease, _) = (options.Patience, verdict < 0 ? Restarted(model) : model);
            else if (verdict < 0) Drop(model, -1, Evidence(model));
            else if (model.Lease <= 0 && model.Contest.Mean > 0 && model.Move?.Origin == Origin.Settle) Drop(model, 1, $"ahead, which is not proven; what the explorer is now takes its place: {Evidence(model)}");
            else if (model.Lease <= 0 && model.Contest.Mean > 0) model.Lease = model.Contest.Count;
            else if (model.Lease <= 0) Drop(model, 0, $"no difference that counts: {Evidence(model)}");
        }

        if (winner is not null) Promote(winner, batch, isAfterDrift);
        if (_models.Find(model => model.Move?.Origin == Origin.Explorer && model.Stays) is { } explorer && !proposals.IsExplorerWorthIt) Drop(explorer, 0, "what it learns does not help");
    }

    /// <summary>Weighs the models by their losses on a batch from which they have just learnt: after a surprise nothing else says who adapts.</summary>
    public void Reweigh(ReadOnlySpan<double> losses)
    {
        var least = LeastOf(losses);
        if (!double.IsFinite(least)) return;
        for (var i = 0; i < losses.Length; i++)
        {
            var behind = Math.Clamp((losses[i] - least) / Math.Max(Math.Abs(least), double.Epsilon), 0, 1);
            (_models[i].Faded, _models[i].HasSay) = (behind, behind < 1);
            _models[i].ForgetMeans();
        }
    }

    /// <summary>Who is about to diverge has no say in the next batch: whose last weights are worse on a batch from which they have just learnt than the champion's were before, by the mean loss.</summary>
    /// <param name="lossOf">The loss of a model's last weights on that batch.</param>
    /// <param name="champions">The champion's loss before it learnt from it.</param>
    /// <param name="weights">How much say each has.</param>
    public void Silence(Func<IOnlineModel<TBatch, TOutput>, double> lossOf, double champions, ReadOnlySpan<double> weights)
    {
        for (var i = 1; i < _models.Count; i++)
        {
            if (weights[i] > 0 && !(lossOf(_models[i].Model) < champions + Unit)) _models[i].HasSay = false;
        }
    }

    /// <summary>After a drift: the challenger that is best now, and the sentinel, stay; contests begin anew.</summary>
    /// <param name="batch">How many batches have been; what was begun since the one before the last stays, too.</param>
    public void Clear(long batch)
    {
        var best = _models.Skip(1).MinBy(model => model.Faded);
        foreach (var model in _models.Skip(1).Where(model => model != best && !model.Stays && !(model.Move?.Origin == Origin.Raised && batch - model.Born <= 2)).ToList()) Drop(model, 0, "a drift was found");
        foreach (var model in _models) Restarted(model).Lease = options.Patience;
    }

    /// <summary>After a surprise: the latest small steps make room.</summary>
    public void MakeRoom(int count)
    {
        foreach (var model in _models.Skip(1).Where(model => model.Move?.Origin is Origin.Step or Origin.Recall).OrderByDescending(model => model.Id).Take(count - (options.Models - _models.Count)).ToList())
            Drop(model, 0, "a batch was a surprise");
    }

    /// <summary>Gives all up, and forgets the scale of their losses.</summary>
    public void Dispose()
    {
        (_scale, _scaleWeight) = (0, 0);
        foreach (var model in _models) model.Model.Dispose();
        _models.Clear();
    }

    public void Save(BinaryWriter writer, OnlineState state)
    {
        writer.Write(_scale);
        writer.Write(_scaleWeight);
        writer.Write(_nextId);
        writer.Write(_models.Count);
        foreach (var model in _models) model.Save(writer, state);
    }

    public void Load(BinaryReader reader, OnlineState state)
    {
        Dispose();
        (_scale, _scaleWeight, _nextId) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt32());
        for (var count = reader.ReadInt32(); count > 0; count--) _models.Add(LiveModel<TBatch, TOutput>.Load(reader, state, learner));
    }

    private static double LeastOf(ReadOnlySpan<double> losses)
    {
        var least = double.PositiveInfinity;
        foreach (var loss in losses)
        {
            if (loss < least) least = loss;
        }

        return least;
    }

    private void Weigh(double[] losses, Mixture mixture, double unit, long batch)
    {
        var (faded, relative) = (new double[losses.Length], new double[losses.Length]);
        var reference = double.IsFinite(losses[0]) ? losses[0] : LeastOf(losses);
        for (var i = 0; i < losses.Length; i++)
        {
            faded[i] = _models[i].Faded;
            relative[i] = double.IsFinite(losses[i]) ? Math.Clamp((losses[i] - reference) / unit, -1, 1) : 1;
        }

        mixture.Observe(faded, relative);
        for (var i = 0; i < losses.Length; i++) (_models[i].Faded, _models[i].HasSay) = (faded[i], i == 0 || (relative[i] < 1 && batch - _models[i].Born >= First));
    }

    /// <summary>Replaces a champion that has diverged by the best of the others.</summary>
    private List<double> Dethrone(double[] losses)
    {
        var at = Enumerable.Range(1, losses.Length - 1).Where(i => double.IsFinite(losses[i])).MinBy(i => _models[i].Faded);
        var (old, next, rest) = (Champion, _models[at], losses.ToList());
        tell(OnlineChangeKind.Promoted, next, $"{Moves.Difference(old.Configuration, next.Configuration)}: the champion has diverged, and model {next.Id} is the best of the others");
        foreach (var index in (int[])[at, 0])
        {
            rest.RemoveAt(index);
            _models.RemoveAt(index);
        }

        _models.Insert(0, next);
        rest.Insert(0, losses[at]);
        next.HasSay = true;
        old.Model.Dispose();
        foreach (var model in _models) Restarted(model);
        return rest;
    }

    private void Promote(LiveModel<TBatch, TOutput> winner, long batch, bool isAfterDrift)
    {
        var (old, isSettled) = (Champion.Configuration, winner.Move?.Origin == Origin.Settle);
        proposals.Won(old, winner.Configuration, winner.Move, winner.Contest.Mean / Unit, batch <= 2 * options.Settling, isAfterDrift);
        tell(OnlineChangeKind.Promoted, winner, $"{Moves.Difference(old, winner.Configuration)} (model {winner.Id}, {winner.Move?.Text ?? "the first"}): {Evidence(winner)}");
        _models.Remove(winner);
        _models.Insert(0, winner);
        (winner.HasSay, winner.Stays, winner.Move) = (true, false, null);
        foreach (var model in _models) Restarted(model).Lease = Math.Max(model.Lease, options.Patience);
        if (isSettled) LeadOn(batch);
    }

    /// <summary>A copy of the explorer has won: it goes on faster, with what it has learnt.</summary>
    private void LeadOn(long batch)
    {
        if (_models.Find(model => model.Stays && model.Move?.Origin == Origin.Explorer) is not { } explorer) return;
        if (proposals.Explorer(Champion.Configuration) is not { } faster || faster.Equals(explorer.Configuration)) return;
        Add(explorer.Model.Copy(faster), faster, new Move(Origin.Explorer), batch);
        Drop(explorer, 0, "it goes on faster");
    }

    private void Drop(LiveModel<TBatch, TOutput> model, int verdict, string why)
    {
        proposals.Lost(model.Move, verdict);
        tell(OnlineChangeKind.Dropped, model, $"model {model.Id} ({Moves.Difference(Champion.Configuration, model.Configuration)}) is given up: {why}");
        _models.Remove(model);
        model.Model.Dispose();
    }

    private static LiveModel<TBatch, TOutput> Restarted(LiveModel<TBatch, TOutput> model)
    {
        model.Contest.Reset();
        return model;
    }

    private string Evidence(LiveModel<TBatch, TOutput> model)
    {
        var count = Math.Max(1, model.Contest.Count);
        return string.Create(CultureInfo.InvariantCulture,
            $"its loss over the last {count} batches was {model.Contest.Own / count:G3} against {model.Contest.Champions / count:G3}, level {100 * (1 - options.Error):0.##} %");
    }
}
