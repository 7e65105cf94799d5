using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AutoTune.Torch.Control;

[TestClass]
public sealed class TrainingControlTests
{
    [TestMethod]
    public void Descend_ControllerThatHasLearntNothing_IsWarmUpAndCosine()
    {
        using var rings = new Rings(.1);
        using var control = rings.Control(c => c.LearningRate(1e-3, 1).WarmUp(.1).Use(TrainingController.Untrained));
        var cosine = LearningRateSchedule.Cosine(Rings.Epochs * Rings.Steps, .1);
        var step = 0;
        rings.Epoch(1, loss =>
        {
            Assert.AreEqual(.1 * cosine.FactorAt(step++), rings.Rate, 1e-6);
            control.Descend(loss);
        });
        Assert.AreEqual(Rings.Steps, step);
        control.EndEpoch(rings.Validate());
        Assert.IsEmpty(control.Decisions);
        Assert.AreEqual(.1 * cosine.FactorAt(step), rings.Rate, 1e-6);
    }

    [TestMethod]
    public void Descend_FirstTenth_DecidesMoreOftenAndFurther()
    {
        using var rings = new Rings(.1);
        var record = new TrainingRecord("rings");
        using var control = new TrainingControl(rings.Net, rings.Optimizer, 10, 4 * Rings.Steps, TrainingControl.Chosen(c => c.LearningRate(1e-30, 1).Use(Eager())), random: null, record: record);
        var moves = new List<double>();
        void Watch(Action action)
        {
            var before = control.Height;
            action();
            if (control.Height != before) moves.Add(Math.Log(control.Height / before));
        }

        for (var epoch = 0; epoch < 10; epoch++)
        {
            for (var part = 0; part < 4; part++) rings.Epoch(4 * epoch + part, loss => Watch(() => control.Descend(loss)));
            Watch(() => control.EndEpoch(rings.Validate()));
        }

        int[] expected = [.. Enumerable.Range(1, 20).Select(i => 2 * i), .. Enumerable.Range(5, 35).Select(i => 10 * i)];
        CollectionAssert.AreEqual(expected, record.Decisions.Select(decision => (int)Math.Round(200 * (decision.Signs[0] + 1))).ToArray());
        Assert.HasCount(expected.Length, moves);
        for (var i = 0; i < moves.Count; i++) Assert.AreEqual((i < 19 ? 1 : .3) * moves[0], moves[i], 1e-9);
    }

    [TestMethod]
    public void Descend_RateFarTooLow_ComesFurtherThanTheCosineAndSaysWhy()
    {
        double cosine;
        using (var rings = new Rings(1e-3))
        {
            using var control = rings.Control(c => c.LearningRate(1e-5, 10).Use(TrainingController.Untrained));
            cosine = rings.Train(control);
        }

        using var other = new Rings(1e-3);
        using var learnt = other.Control(c => c.LearningRate(1e-5, 10));
        Assert.IsLessThan(.9 * cosine, other.Train(learnt));
        var first = learnt.Decisions[0];
        Assert.AreEqual("learning rate", first.Setting);
        Assert.IsGreaterThan(first.From, first.To);
        StringAssert.Matches(first.ToString(), new(@"^epoch 1: learning rate 0\.001 -> 0\.\d+: \w"));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Descend_FewStepsAnEpoch_ComesFurtherThanTheCosine(int steps)
    {
        // Of a single step between two decisions neither noise nor agreement is known.
        double Trained(TrainingController controller)
        {
            using var rings = new Rings(.01);
            using var control = new TrainingControl(rings.Net, rings.Optimizer, 80 / steps, steps, c => c.LearningRate(1e-5, 10).Use(controller));
            var taken = 0;
            for (var epoch = 1; epoch <= 8; epoch++)
            {
                rings.Epoch(epoch, loss =>
                {
                    control.Descend(loss);
                    if (++taken % steps == 0) control.EndEpoch(rings.Validate());
                });
            }

            return rings.Validate();
        }

        Assert.IsLessThan(Trained(TrainingController.Untrained), Trained(TrainingController.Pretrained));
    }

    [TestMethod]
    public void Descend_LossThatBursts_GoesBackToTheEpochsBeginningAndLowersTheRate()
    {
        using var rings = new Rings(.05);
        using var control = rings.Control(c => c.LearningRate(1e-6, 1).Use(TrainingController.Untrained));
        control.EndEpoch(Trained(rings, control, 1));
        var before = rings.Net.state_dict().Values.Select(tensor => tensor.data<float>().ToArray()).ToList();
        var rate = rings.Rate;
        var taken = 0;
        rings.Epoch(2, loss =>
        {
            if (control.Decisions.Count == 0) control.Descend(loss);
            if (++taken == 6) Spoil(rings);
        });
        CollectionAssert.AreEqual(before[0], rings.Net.state_dict().Values.First().data<float>().ToArray());
        Assert.IsLessThan(.51 * rate, rings.Rate);
        StringAssert.EndsWith(control.Decisions.Single().ToString(), ": the loss was no longer finite: back to the beginning of the epoch");
        control.EndEpoch(rings.Validate());
        Assert.IsTrue(double.IsFinite(Trained(rings, control, 3)));
    }

    [TestMethod]
    public void Descend_LossThatIsNotFiniteAndNoWayBack_EndsTheTrainingAndSaysWhy()
    {
        void Ends(string why, double start, Func<ControlChoices, ControlChoices> choose)
        {
            using var rings = new Rings(start, Decaying);
            using var control = rings.Control(c => choose(c).Use(TrainingController.Untrained));
            control.EndEpoch(Trained(rings, control, 1));
            Spoil(rings);
            var bias = rings.Net.parameters().Last().data<float>().ToArray();
            var e = Assert.ThrowsExactly<NonFiniteLossException>(() => rings.Epoch(2, loss => control.Descend(loss)));
            Assert.AreEqual(2, e.Epoch);
            StringAssert.StartsWith(e.Message, "The controlled training: the loss of step ");
            StringAssert.Contains(e.Message, $" of epoch 2 is NaN: the training has diverged, and cannot go back to the epoch's beginning: {why}. A smaller learning rate");
            CollectionAssert.AreEqual(bias, rings.Net.parameters().Last().data<float>().ToArray());
        }

        Ends("its controller may not lower the learning rate (c.LearningRate(low, high))", .01, c => c.WeightDecay(1e-3, 1));
        Ends("the learning rate is at the lowest of its range, 0.01", .01, c => c.LearningRate(.01, 1));
        using var many = new Rings(1);
        using var patient = new TrainingControl(many.Net, many.Optimizer, 2, 100, c => c.LearningRate(1e-60, 10).Use(TrainingController.Untrained));
        Spoil(many);
        StringAssert.Contains(Assert.ThrowsExactly<NonFiniteLossException>(() =>
        {
            for (var round = 1; round <= 3; round++) many.Epoch(round, loss => patient.Descend(loss));
        }).Message, "it has gone back 20 times in this epoch");
    }

    [TestMethod]
    public void Descend_MoreStepsThanTold_IsRefused()
    {
        using var rings = new Rings(.1);
        using var control = new TrainingControl(rings.Net, rings.Optimizer, Rings.Epochs, 9, c => c.LearningRate(1e-3, 1));
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => rings.Epoch(1, loss => control.Descend(loss))).Message,
            "epoch 1 takes step 10, its controller was told of 9 steps an epoch; give the number of batches as stepsPerEpoch");
    }

    [TestMethod]
    public void EndEpoch_FewerStepsThanTold_GoesOnWhereTheNextEpochBegins()
    {
        using var rings = new Rings(.1);
        using var control = new TrainingControl(rings.Net, rings.Optimizer, Rings.Epochs, 25, c => c.LearningRate(1e-3, 1).Use(TrainingController.Untrained));
        var cosine = LearningRateSchedule.Cosine(Rings.Epochs * 25, .05);
        for (var epoch = 1; epoch <= Rings.Epochs; epoch++)
        {
            Assert.AreEqual(.1 * cosine.FactorAt((epoch - 1) * 25), rings.Rate, 1e-6);
            control.EndEpoch(Trained(rings, control, epoch));
        }

        Assert.AreEqual(0, rings.Rate, 1e-6);
    }

    [TestMethod]
    public void Schedule_WithoutLearningRate_IsConstant()
    {
        using var rings = new Rings(.01, Decaying);
        using var control = rings.Control(c => c.WeightDecay(1e-3, 1));
        rings.Train(control);
        for (var step = 0; step < Rings.Epochs * Rings.Steps; step++) Assert.AreEqual(1, control.Schedule.FactorAt(step));
    }

    [TestMethod]
    public void Load_StateOfOtherSettings_SaysWhich()
    {
        using var rings = new Rings(.01, Decaying);
        using var control = rings.Control(c => c.LearningRate(1e-5, 10).WeightDecay(1e-4, 1));
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) control.Save(writer);
        void Says(string expected, Func<ControlChoices, ControlChoices> choose)
        {
            stream.Position = 0;
            using var other = rings.Control(choose);
            using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => other.Load(reader)).Message, "the checkpoint's controller changes learning rate (Rate), weight decay (Restraint), this one " + expected + "; resume with the settings");
        }

        Says("learning rate (Rate)", c => c.LearningRate(1e-5, 10));
        Says("weight decay (Restraint), learning rate (Rate)", c => c.WeightDecay(1e-4, 1).LearningRate(1e-5, 10));
        Says("learning rate (Rate), noise (Restraint)", c => c.LearningRate(1e-5, 10).Strength("noise", .1, 1, .5, _ => { }));
    }

    [TestMethod]
    public void Schedule_OfATrainingUnderAController_HasItsRates()
    {
        using var rings = new Rings(1e-3);
        using var control = rings.Control(c => c.LearningRate(1e-5, 10));
        var rates = new List<double>();
        for (var epoch = 1; epoch <= Rings.Epochs; epoch++)
        {
            rings.Epoch(epoch, loss =>
            {
                rates.Add(rings.Rate);
                control.Descend(loss);
            });
            control.EndEpoch(rings.Validate());
        }

        var schedule = control.Schedule;
        for (var step = 0; step < rates.Count; step++) Assert.AreEqual(rates[step], 1e-3 * schedule.FactorAt(step), 1e-12);
        Assert.AreEqual("Recorded over 80 steps", schedule.ToString());
    }

    [TestMethod]
    public void Save_LoadedIntoAnother_GoesOnAlike()
    {
        using var one = new Rings(.01, Decaying);
        using var control = one.Control(c => c.LearningRate(1e-5, 10).WeightDecay(1e-4, 1), new RandomSource(3));
        one.Train(control, 1, 4);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        one.Net.save(writer);
        one.Optimizer.save_state_dict(writer);
        control.Save(writer);
        writer.Flush();
        stream.Position = 0;
        using var two = new Rings(.01, Decaying);
        using var reader = new BinaryReader(stream);
        using var resumed = two.Control(c => c.LearningRate(1e-5, 10).WeightDecay(1e-4, 1), new RandomSource(3));
        two.Net.load(reader);
        two.Optimizer.load_state_dict(reader);
        resumed.Load(reader);
        Assert.AreEqual(stream.Length, stream.Position);
        Assert.AreEqual(one.Train(control, 5), two.Train(resumed, 5));
        CollectionAssert.AreEqual(control.Decisions.ToList(), resumed.Decisions.ToList());
        Assert.AreEqual(control.Schedule.FactorAt(20), resumed.Schedule.FactorAt(20));
    }

    [TestMethod]
    public void EndEpoch_WeightDecayAndStrength_AreGivenToTheTrainingWithinTheirRanges()
    {
        using var rings = new Rings(.01, Decaying);
        var strengths = new List<double>();
        using var control = rings.Control(c => c.WeightDecay(.009, .011).Strength("noise", .1, .2, .15, strengths.Add).Use(Eager()));
        rings.Train(control);
        Assert.AreEqual(.15, strengths[0]);
        Assert.AreEqual(.1, strengths[^1], 1e-12);
        Assert.AreEqual(.009, ((AdamW.ParamGroup)rings.Optimizer.ParamGroups.First()).Options.weight_decay!.Value, 1e-12);
        Assert.AreEqual(.01, rings.Rate); // nobody was to change it
        StringAssert.StartsWith(string.Join("\n", control.Decisions), "epoch 1: weight decay 0.01 -> 0.009: ");
    }

    [TestMethod]
    public void Constructor_WhatMakesNoSense_SaysWhatAndWhatToDo()
    {
        using var rings = new Rings(.1);
        void Says(string expected, Func<ControlChoices, ControlChoices> choose, RandomSource? random = null)
            => StringAssert.Contains(Assert.Throws<ArgumentException>(() => rings.Control(choose, random)).Message, expected);
        Says("The controller has nothing to change; name at least one setting", c => c);
        Says("The optimizer's learning rate is 0.1, the controller's range for 'learning rate' is 0.001 to 0.01; begin within it", c => c.LearningRate(1e-3, 1e-2));
        Says("The controller's range of 'LearningRate', 0 to 1, must begin above 0", c => c.LearningRate(0, 1));
        Says("The optimizer's weight decay is 0", c => c.WeightDecay(1e-3, 1));
        Says("The first strength is 2, the controller's range for 'noise' is 0.1 to 1", c => c.Strength("noise", .1, 1, 2, _ => { }));
        Says("is given 'noise' twice", c => c.Strength("noise", .1, 1, .5, _ => { }).Strength("noise", .1, 1, .5, _ => { }));
        Says("The warm-up's share of the steps must be from 0 to below 1", c => c.WarmUp(1));
        Says("WarmUp is given without a learning rate, which is what warms up; add c.LearningRate", c => c.Strength("noise", .1, 1, .5, _ => { }).WarmUp(.1));
        Says("A controller that learns explores; give it a RandomSource", c => c.LearningRate(1e-3, 1).LearnIn("nowhere"));
        using var dog = new Dog(rings.Net.parameters());
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => new TrainingControl(rings.Net, dog, 1, 1, c => c.WeightDecay(1e-3, 1))).Message, "The weight decay of Dog cannot be changed while it trains; use SGD,");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TrainingControl(rings.Net, rings.Optimizer, 0, 1, c => c.LearningRate(1e-3, 1))).Message, "A controlled training has at least 1 epoch");
        using var control = rings.Control(c => c.LearningRate(1e-3, 1));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => control.EndEpoch(-1)).Message, "give one of at least 0, such as 1 - accuracy");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => control.Descend(-ones(1, requires_grad: true))).Message, "give a training loss of at least 0, such as one from which its lowest possible value is subtracted");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => control.Descend(ones(2))).Message, "The loss has shape [2]; a training steps down a scalar");
    }

    /// <summary>One that lowers all that it may: its text is that of one which has learnt nothing, with other numbers for the output's bias.</summary>
    private static TrainingController Eager()
    {
        var policy = ControlPolicy.Untrained();
        var stay = policy.Weights.Max();
        for (var i = 0; i < policy.Weights.Length; i++)
        {
            if (policy.Weights[i] == stay) (policy.Weights[i], policy.Weights[i - 1]) = (0, stay);
        }

        return new TrainingController(policy);
    }

    private static void Spoil(Rings rings)
    {
        using (no_grad()) rings.Net.parameters().First().fill_(float.NaN);
    }

    private static AdamW Decaying(IEnumerable<Parameter> weights, double rate) => optim.AdamW(weights, rate, weight_decay: .01);

    private static double Trained(Rings rings, TrainingControl control, int epoch)
    {
        rings.Epoch(epoch, loss => control.Descend(loss));
        return rings.Validate();
    }
}
