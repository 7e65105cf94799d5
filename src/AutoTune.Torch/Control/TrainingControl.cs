using System.Collections.Immutable;
using System.Globalization;
using AutoTune.Spaces;
using AutoTune.Torch.Control;
using AutoTune.Torch.Finding;
using AutoTune.Torch.Training;
using TorchSharp;
using TorchSharp.Modules;

namespace AutoTune;

/// <summary>
/// A controller at work in one training: it takes the steps, watches them, and changes learning rate, weight decay or strengths as it has learnt. <c>trial.Control(net, optimizer, batches,
/// c => c.LearningRate(1e-4, 1))</c> makes one; then <c>control.Descend(loss)</c> for each batch and <c>control.EndEpoch(validationLoss)</c> after each epoch.
/// </summary>
/// <remarks>
/// <para>
/// It decides about forty times a training, and more often in its first tenth, where it seeks the height, by signs that are free of scale: the loss
/// and its fall, the noise of batches, the length of steps by that of the weights, whether gradients agree, the gap between training and validation. The learning rate is a warm-up and half a cosine down to 0, whose height it multiplies.
/// </para>
/// <para>
/// Where the loss bursts (is not finite, or above four times its lowest, twice its first, and twice the epoch's first), weights and optimizer go back to the beginning of the epoch and the rate stays below half of what it was.
/// It cannot go back without <see cref="ControlChoices.LearningRate"/>, with the rate at the lowest of its range, or after twenty times in an epoch: a finite loss is followed then, one that is not finite ends the training.
/// </para>
/// <para>Cost: a copy of the weights and one of the gradients, a few products in some of the steps, and one number read from the device a step. To be used by one thread.</para>
/// </remarks>
public sealed class TrainingControl : IDisposable
{
    private const int MeasuredSteps = 6;
    private const int MostBursts = 20; // an epoch
    private const double Rounding = 1e-6; // a loss of 0 may come out that far below
    private const double LeastNoted = .1; // of changes since the last that was noted, as a logarithm
    private readonly torch.nn.Module _net;
    private readonly OptimizerHelper _optimizer;
    private readonly ImmutableArray<ControlledSetting> _settings;
    private readonly ControlPolicy _policy;
    private readonly LearningRateSchedule _shape;
    private readonly StepMeasure _measure;
    private readonly DecisionTimes _times;
    private readonly int _epochs, _stepsPerEpoch;
    private readonly RandomSource? _random; // to explore by
    private readonly TrainingSigns _signs = new();
    private readonly List<double> _losses = []; // since the last decision
    private readonly List<ControlDecision> _decisions = [];
    private readonly List<(int Step, double Value)> _heights = [];
    private readonly double[] _noted;
    private readonly (double Change, string Reason)[] _strongest;
    private TrainingSnapshot? _snapshot; // of the epoch's beginning
    private TrainingSigns.Means _before; // at the epoch's beginning
    private readonly string? _recordFolder, _recordName; // without a name: the first that is free
    private TrainingRecord? _record;
    private int _rewarded; // how many decisions of the record an epoch has ended after
    private bool _isLeft = true;
    private double _recent = double.NaN, _epochLoss = double.NaN, _sum, _first = double.NaN, _last = double.NaN, _factor = 1;
    private int _step, _epoch = 1, _seen, _inEpoch, _next, _bursts; // seen: with those that burst; next: after which step of the epoch the next decision is

    /// <summary>Takes a training over; within a study <c>trial.Control(...)</c> does.</summary>
    /// <param name="net">The network that is trained.</param>
    /// <param name="optimizer">Its optimizer; learning rate and weight decay begin with what it has.</param>
    /// <param name="epochs">How many epochs the whole training has, at least 1.</param>
    /// <param name="stepsPerEpoch">How many steps an epoch has, at least 1: its number of batches.</param>
    /// <param name="choose">What may be changed, and by whom.</param>
    /// <param name="random">What to explore by; needed where it learns (<see cref="ControlChoices.LearnIn"/>).</param>
    /// <exception cref="ArgumentException">There is nothing to change, or something begins outside its range.</exception>
    public TrainingControl(torch.nn.Module net, OptimizerHelper optimizer, int epochs, int stepsPerEpoch, Func<ControlChoices, ControlChoices> choose, RandomSource? random = null)
        : this(net, optimizer, epochs, stepsPerEpoch, Chosen(choose), random)
    {
    }

    internal TrainingControl(torch.nn.Module net, OptimizerHelper optimizer, int epochs, int stepsPerEpoch, ControlChoices choices, RandomSource? random, Func<string>? recordName = null, TrainingRecord? record = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(optimizer);
        if (epochs < 1) throw new ArgumentOutOfRangeException(nameof(epochs), epochs, "A controlled training has at least 1 epoch: it goes by the share of the training that is behind.");
        if (stepsPerEpoch < 1) throw new ArgumentOutOfRangeException(nameof(stepsPerEpoch), stepsPerEpoch, "A controlled training has at least 1 step an epoch: its number of batches.");
        (_net, _optimizer, _epochs, _stepsPerEpoch) = (net, optimizer, epochs, stepsPerEpoch);
        _settings = choices.Of(optimizer);
        _measure = new StepMeasure([.. optimizer.parameters()]);
        _shape = Rate is null ? LearningRateSchedule.Constant(checked(epochs * stepsPerEpoch)) : LearningRateSchedule.Cosine(checked(epochs * stepsPerEpoch), choices.WarmUpShare ?? ControlChoices.UsualWarmUp);
        _times = new DecisionTimes(epochs, stepsPerEpoch);
        _noted = [.. _settings.Select(setting => setting.Value)];
        _strongest = new (double, string)[_settings.Length];
        (_random, _record) = (random, record);
        var controller = choices.Controller ?? TrainingController.Pretrained;
        if (choices.Folder is { } folder)
        {
            if (random is null) throw new ArgumentNullException(nameof(random), "A controller that learns explores; give it a RandomSource to do so.");
            (_recordFolder, _recordName) = (folder, recordName?.Invoke());
            controller = controller.Learn(TrainingRecord.In(folder, without: _recordName));
            _record = new TrainingRecord(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)));
        }

        _policy = controller.Policy;
        _next = _times.Next(_step, 0);
        Heighten();
        Apply();
    }

    /// <summary>What was changed, and why, an entry for each setting and epoch.</summary>
    public IReadOnlyList<ControlDecision> Decisions => _decisions;

    /// <summary>The learning rates so far as a schedule of the optimizer's initial rate, to train again without a controller; afterwards the cosine with its last height. Without <see cref="ControlChoices.LearningRate"/> a constant.</summary>
    public LearningRateSchedule Schedule
    {
        get
        {
            var (heights, shape) = (_heights.ToArray(), _shape);
            return Rate is null ? shape : LearningRateSchedule.Recorded(shape.TotalSteps, step => heights.Last(height => height.Step <= step).Value * shape.FactorAt(step));
        }
    }

    /// <summary>The height of the learning rate by that of the beginning; 1 where it is none of the settings.</summary>
    internal double Height => Rate?.Ratio ?? 1;

    /// <summary>Its name, for sentences.</summary>
    internal string Training { get; init; } = "The controlled training";

    /// <summary>How the training takes a step; by default backward and step.</summary>
    internal Action<torch.Tensor, double?>? Descent { get; init; }

    /// <summary>Receives all decisions, in words, when an epoch has ended.</summary>
    internal Action<string>? Noted { get; init; }

    private ControlledSetting? Rate => _settings.FirstOrDefault(setting => setting.Kind == ControlKind.Rate);

    private double Progress => _step / (double)_shape.TotalSteps;

    /// <summary>What its state is made of: another's is refused.</summary>
    private string Shape => string.Join(", ", _settings.Select(setting => $"{setting.Name} ({setting.Kind})")) + (_record is null ? "" : ", learning");

    /// <summary>Takes a step down the loss's gradient, and watches it: in the place of <see cref="TorchTrial.Descend"/>.</summary>
    /// <param name="loss">The loss of a batch, a scalar of at least 0. One that bursts is not followed.</param>
    /// <param name="clip">Above which norm the gradients are scaled down to it; null: not.</param>
    /// <exception cref="ArgumentException">The loss is no scalar, or depends on nothing that is trained.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The loss is below 0.</exception>
    /// <exception cref="InvalidOperationException">The epoch has had as many steps as were told.</exception>
    /// <exception cref="NonFiniteLossException">The loss is not finite, and the training cannot go back to the beginning of its epoch.</exception>
    public void Descend(torch.Tensor loss, double? clip = null)
    {
        ScalarLoss.Demand(loss);
        if (_seen == _stepsPerEpoch) throw new InvalidOperationException($"{Training}: epoch {_epoch} takes step {_seen + 1}, its controller was told of {_stepsPerEpoch} steps an epoch; give the number of batches as stepsPerEpoch, and call EndEpoch after each epoch.");
        double value;
        using (torch.NewDisposeScope()) value = loss.detach().to(torch.ScalarType.Float64).item<double>();
        if (double.IsFinite(value) && value < -Rounding)
            throw new ArgumentOutOfRangeException(nameof(loss), value, "A controller compares losses by their quotients; give a training loss of at least 0, such as one from which its lowest possible value is subtracted.");
        _seen++;
        if (_snapshot is null) (_snapshot, _before) = (new TrainingSnapshot(_net, _optimizer), _signs.State);
        if (HasBurst(value))
        {
            var hindrance = GoBack(value);
            if (hindrance is null) return;
            if (!double.IsFinite(value) && !double.IsNaN(_first)) Reward(double.PositiveInfinity); // as bad as may be
            if (!double.IsFinite(value)) throw new NonFiniteLossException(Training, _epoch, _seen, value, hindrance);
        }

        if (!_measure.IsOpen && _next - _inEpoch <= MeasuredSteps) _measure.Begin();
        if (Descent is { } descent) descent(loss, clip);
        else Step(loss, clip);
        _measure.Add();
        _factor = _shape.FactorAt(_step);
        _losses.Add(value);
        _sum += value;
        _step++;
        _inEpoch++;
        if (_inEpoch == _next && _inEpoch < _stepsPerEpoch) Decide();
        Apply();
    }

    /// <summary>Ends an epoch, after its steps and its validation.</summary>
    /// <param name="validationLoss">The loss on validation data, at least 0, comparable with that of the batches.</param>
    /// <param name="metric">What is to fall in the end, at least 0, such as the error rate; null: the validation loss. Only learning goes by it.</param>
    /// <remarks>An epoch that had fewer steps than were told, or some that burst, counts as a whole one: the schedule goes on where the next epoch begins.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A value is below 0.</exception>
    public void EndEpoch(double validationLoss, double? metric = null)
    {
        if (validationLoss < 0) throw new ArgumentOutOfRangeException(nameof(validationLoss), validationLoss, "A controller compares losses by their quotients; give one of at least 0, such as 1 - accuracy instead of -accuracy.");
        if (metric < 0) throw new ArgumentOutOfRangeException(nameof(metric), metric, "A controller compares losses by their quotients; give a metric of at least 0, such as 1 - accuracy instead of -accuracy.");
        if (double.IsFinite(validationLoss))
        {
            if (_inEpoch > 0) _signs.AddEpoch(validationLoss, _sum / _inEpoch);
            Reward(metric ?? validationLoss);
        }

        _isLeft = false;
        _step = _epoch * _stepsPerEpoch;
        if (_epoch < _epochs) Decide();
        for (var i = 0; i < _settings.Length; i++) Note(i);
        _snapshot?.Dispose();
        _snapshot = null;
        _epoch++;
        (_seen, _inEpoch, _sum, _bursts, _recent, _epochLoss) = (0, 0, 0, 0, double.NaN, double.NaN);
        _next = _times.Next(_step, 0);
        Apply();
        Noted?.Invoke(string.Concat(_decisions.Select(decision => decision + "\n")));
        if (_epoch > _epochs) Leave();
    }

    /// <summary>Writes its state for a checkpoint.</summary>
    /// <param name="writer">Where to; between two epochs.</param>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Shape);
        ControlState.Write(writer, _policy.Weights);
        writer.Write(_step);
        writer.Write(_epoch);
        ControlState.Write(writer, [_first, _last, .. _signs.State.ToArray()]);
        foreach (var setting in _settings) ControlState.Write(writer, [setting.Ratio, setting.Ceiling]);
        ControlState.Write(writer, _noted);
        ControlState.Write(writer, _heights);
        ControlState.Write(writer, _decisions);
        writer.Write(_record is not null);
        _record?.Write(writer);
        writer.Write(_rewarded);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    /// <exception cref="InvalidDataException">It is the state of a controller of other settings.</exception>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.ReadString() is var there && there != Shape)
            throw new InvalidDataException($"{Training}: the checkpoint's controller changes {there}, this one {Shape}; resume with the settings, in their order, that wrote it.");
        ControlState.Doubles(reader).CopyTo(_policy.Weights, 0);
        (_step, _epoch) = (reader.ReadInt32(), reader.ReadInt32());
        var numbers = ControlState.Doubles(reader);
        (_first, _last, _signs.State) = (numbers[0], numbers[1], TrainingSigns.Means.Of(numbers.AsSpan(2)));
        foreach (var setting in _settings)
        {
            var own = ControlState.Doubles(reader);
            setting.Restore(own[0], own[1]);
        }

        ControlState.Doubles(reader).CopyTo(_noted, 0);
        ControlState.Replace(_heights, ControlState.Heights(reader));
        ControlState.Replace(_decisions, ControlState.Decisions(reader));
        if (reader.ReadBoolean()) _record = TrainingRecord.Read(reader);
        _rewarded = reader.ReadInt32();
        _next = _times.Next(_step, 0);
        Apply();
    }

    /// <summary>Frees its copies. Of a trial that ends before its last epoch, stopped, paused or failed, it leaves the record so far where it learns (<see cref="ControlChoices.LearnIn"/>).</summary>
    public void Dispose()
    {
        if (!_isLeft && _recordName is not null && _rewarded > 0)
        {
            try
            {
                Leave();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It must not hide how the trial ended; one that ends with its last epoch says so.
            }
        }

        _snapshot?.Dispose();
        _measure.Dispose();
    }

    internal static ControlChoices Chosen(Func<ControlChoices, ControlChoices> choose)
    {
        ArgumentNullException.ThrowIfNull(choose);
        return choose(ControlChoices.None);
    }

    private void Step(torch.Tensor loss, double? clip)
    {
        _optimizer.zero_grad();
        loss.backward();
        if (clip is { } norm) torch.nn.utils.clip_grad_norm_(_optimizer.parameters(), norm);
        _optimizer.step();
    }

    private void Decide()
    {
        var steps = _measure.End();
        if (_losses.Count > 0)
        {
            var mean = _losses.Average();
            _signs.Add(mean, _losses.Count < 2 ? double.NaN : Math.Sqrt(_losses.Sum(loss => (loss - mean) * (loss - mean)) / _losses.Count), steps, _factor);
            _losses.Clear();
        }

        var signs = _signs.Read(Progress);
        var draws = ImmutableArray.CreateBuilder<TrainingRecord.Draw>();
        var exploring = _record is null ? null : _random; // a record without a source of draws is of what is seen only
        for (var i = 0; i < _settings.Length; i++)
        {
            var setting = _settings[i];
            double log;
            if (exploring is not null)
            {
                var (action, likelihood) = _policy.Sample(setting.Kind, signs, exploring.Fork("decision", _record!.Decisions.Count).Fork("setting", i));
                draws.Add(new TrainingRecord.Draw(setting.Kind, action, likelihood));
                log = PortableMath.Log(ControlPolicy.FactorOf(action));
            }
            else log = _policy.Expected(setting.Kind, signs);
            var before = setting.Value;
            setting.Multiply(PortableMath.Exp(log * _times.ShareAt(_step)));
            var change = PortableMath.Log(setting.Value / before);
            if (Math.Abs(change) > Math.Abs(_strongest[i].Change)) _strongest[i] = (change, exploring is null ? Reason(setting.Kind, signs, change) : "tried, to learn from it");
        }

        _record?.Decisions.Add(new TrainingRecord.Decision(signs, draws.ToImmutable()));
        _next = _times.Next(_step, _inEpoch);
        Heighten();
    }

    /// <summary>The sign without which the change would have been another one most.</summary>
    private string Reason(ControlKind kind, double[] signs, double change)
    {
        var all = _policy.Expected(kind, signs);
        var most = Enumerable.Range(0, signs.Length).Where(i => signs[i] != 0).MaxBy(i =>
        {
            var without = (double[])signs.Clone();
            without[i] = 0;
            return Math.Sign(change) * (all - _policy.Expected(kind, without));
        });
        return TrainingSigns.Words(most, signs[most]);
    }

    private void Note(int i)
    {
        var setting = _settings[i];
        var (change, reason) = _strongest[i];
        if (change != 0 && Math.Abs(PortableMath.Log(setting.Value / _noted[i])) >= LeastNoted)
        {
            _decisions.Add(new ControlDecision(_epoch, _step, setting.Name, _noted[i], setting.Value, reason));
            _noted[i] = setting.Value;
        }

        _strongest[i] = default;
    }

    private bool HasBurst(double loss)
    {
        if (!double.IsFinite(loss)) return true;
        if (double.IsNaN(_epochLoss)) _epochLoss = loss; // there is no better to go back to
        _recent = double.IsNaN(_recent) ? loss : .5 * (_recent + loss); // one bad batch is no burst
        return _recent > 4 * _signs.Lowest && _recent > 2 * _signs.First && _recent > 2 * _epochLoss;
    }

    /// <returns>What hindered it; null: nothing, the training goes on from the beginning of the epoch with a lower rate.</returns>
    private string? GoBack(double loss)
    {
        if (Rate is not { } rate) return "its controller may not lower the learning rate (c.LearningRate(low, high))";
        if (++_bursts > MostBursts) return $"it has gone back {MostBursts} times in this epoch";
        var before = rate.Value;
        rate.Lower(.5 * Math.Max(_shape.FactorAt(_step), .01));
        if (rate.Value >= before) return string.Create(CultureInfo.InvariantCulture, $"the learning rate is at the lowest of its range, {before:g3}");
        _snapshot!.Restore();
        _measure.Dispose();
        _losses.Clear();
        _signs.State = _before;
        _recent = double.NaN;
        var i = _settings.IndexOf(rate);
        _decisions.Add(new ControlDecision(_epoch, _step, rate.Name, before, rate.Value, double.IsFinite(loss) ? $"the loss burst, to {loss.ToString("g3", CultureInfo.InvariantCulture)}: back to the beginning of the epoch" : "the loss was no longer finite: back to the beginning of the epoch"));
        (_noted[i], _strongest[i]) = (rate.Value, default);
        Heighten();
        Apply();
        return null;
    }

    private void Reward(double metric)
    {
        if (double.IsNaN(_first)) _first = Math.Max(metric, 1e-12);
        var now = PortableMath.Log(Math.Min(metric, 10 * _first) + .01 * _first);
        if (!double.IsNaN(_last)) _record?.Reward(_last - now);
        else _record?.Reward(-now); // what the first epoch came to; only differences within a task count
        _last = now;
        _rewarded = _record?.Decisions.Count ?? 0;
    }

    private void Heighten()
    {
        if (Rate is { } rate && (_heights.Count == 0 || _heights[^1].Value != rate.Ratio)) _heights.Add((_step, rate.Ratio));
    }

    private void Apply()
    {
        foreach (var setting in _settings) setting.Apply();
        if (Rate is not { } rate) return;
        var factor = rate.Ratio * _shape.FactorAt(_step);
        foreach (var group in _optimizer.ParamGroups) group.LearningRate = group.InitialLearningRate * factor;
    }

    private void Leave()
    {
        _isLeft = true;
        if (_recordFolder is null || _record is null) return;
        Directory.CreateDirectory(_recordFolder);
        if (_recordName is not null) RecordFolder.Replace(_recordFolder, _recordName, Write);
        else RecordFolder.Add(_recordFolder, Write);
        void Write(BinaryWriter writer) => _record.Write(writer, _epoch > _epochs ? null : _rewarded);
    }
}
