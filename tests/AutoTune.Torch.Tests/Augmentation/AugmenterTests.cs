using TorchSharp;

namespace AutoTune.Torch.Augmentation;

[TestClass]
public sealed class AugmenterTests
{
    private static readonly string[] Smooth = ["shift", "rotate", "crop", "noise", "mixup"];
    private DisposeScope _scope = null!;

    [TestInitialize]
    public void Open() => _scope = torch.NewDisposeScope();

    [TestCleanup]
    public void Close() => _scope.Dispose();

    [TestMethod]
    public void Apply_DefaultStrengths_GivesTheSameTensorsBack()
    {
        var (x, y) = (Images(), Classes());
        foreach (var augmenter in (Augmenter[])[Image(All), Audio(AllAudio)])
        {
            var altered = augmenter.Apply(x, y);
            Assert.AreSame(x, altered.Inputs);
            Assert.AreSame(y, altered.Targets);
        }
    }

    [TestMethod]
    [DataRow("flip", 0.5)]
    [DataRow("shift", 0.2)]
    [DataRow("rotate", 30.0)]
    [DataRow("crop", 0.4)]
    [DataRow("noise", 0.5)]
    [DataRow("cutout", 0.5)]
    [DataRow("mixup", 0.4)]
    public void Apply_ImageOperation_AltersOnlyTheResult(string operation, double strength)
    {
        var (x, y) = (Images(), Classes());
        var before = x.clone();
        var altered = Image(All, ("augment." + operation, strength)).Apply(x, y);
        CollectionAssert.AreEqual(x.shape, altered.Inputs.shape);
        Assert.IsTrue(Same(before, x), "the batch that went in is as it was");
        Assert.IsFalse(Same(x, altered.Inputs));
        Assert.IsTrue(altered.Inputs.isfinite().all().item<bool>());
    }

    [TestMethod]
    [DataRow("timeshift", 0.3)]
    [DataRow("noise", 0.5)]
    [DataRow("timemask", 0.4)]
    [DataRow("frequencymask", 0.4)]
    [DataRow("mixup", 0.4)]
    public void Apply_AudioOperation_AltersOnlyTheResult(string operation, double strength)
    {
        var (x, y) = (Images(), Classes());
        var before = x.clone();
        var altered = Audio(AllAudio, ("augment." + operation, strength)).Apply(x, y);
        CollectionAssert.AreEqual(x.shape, altered.Inputs.shape);
        Assert.IsTrue(Same(before, x));
        Assert.IsFalse(Same(x, altered.Inputs));
    }

    [TestMethod]
    public void Flip_AtItsEnds_MirrorsAll()
    {
        var (x, y) = (Images(), Classes());
        Assert.IsTrue(Same(x.flip(-1), Image(a => a.Flip(1), ("augment.flip", 1)).Apply(x, y).Inputs));
    }

    [TestMethod]
    public void Geometry_OfAnImageThatIsConstant_LeavesItSo()
    {
        // Beyond its edge an image goes on: no border appears, whichever way it is moved.
        var x = torch.full(16, 1, 12, 8, 0.75f);
        var altered = Image(All, ("augment.shift", .15), ("augment.rotate", 20), ("augment.crop", .3)).Apply(x, Classes()).Inputs;
        Assert.IsLessThan(1e-5f, (altered - 0.75f).abs().max().item<float>());
    }

    [TestMethod]
    public void Shift_OfOneBrightPixel_MovesItByNoMoreThanItsStrength()
    {
        var x = torch.zeros(64, 1, 21, 21);
        x[torch.TensorIndex.Colon, 0, 10, 10] = 1;
        var altered = Image(a => a.Shift(0.2), ("augment.shift", 0.2)).Apply(x, Classes(64)).Inputs;
        var place = altered.flatten(1).argmax(1);
        var (row, column) = (place / 21, place % 21);
        Assert.IsLessThanOrEqualTo(4.7f, (row - 10).abs().max().to(torch.float32).item<float>());
        Assert.IsGreaterThan(2f, (column - 10).abs().max().to(torch.float32).item<float>());
    }

    [TestMethod]
    public void Rotate_ByAQuarter_IsATurnOfTheImage()
    {
        // The matrix of a turn by 90 degrees moves pixels onto pixels.
        var x = torch.randn(2, 1, 9, 9);
        var (sin, cos) = ((float)Math.Sin(Math.PI / 2), (float)Math.Cos(Math.PI / 2));
        var matrix = torch.tensor(new[] { cos, -sin, 0f, sin, cos, 0f, 0f, 0f, 1f }).reshape(1, 3, 3).expand(2, 3, 3);
        var turned = GeometricOperation.Warp(new Examples(x, x), matrix).Inputs;
        Assert.IsLessThan(1e-4f, (turned - torch.rot90(x, 1, (2, 3))).abs().max().item<float>());
    }

    [TestMethod]
    public void CutOut_OfOnes_BlanksASquareOfNoMoreThanItsSide()
    {
        var altered = Image(a => a.CutOut(0.5), ("augment.cutout", 0.5)).Apply(torch.ones(32, 3, 16, 16), Classes(32)).Inputs;
        var blank = (altered == 0).flatten(1).sum(1).data<long>().ToArray();
        Assert.AreEqual(3 * 8 * 8, blank.Max());
        Assert.IsTrue(blank.All(count => count % 3 == 0), "all channels alike");
        Assert.IsGreaterThan(1, blank.Distinct().Count(), "places differ, and at the edge part lies outside");
    }

    [TestMethod]
    public void MixUp_OfClasses_GivesProbabilitiesThatCrossEntropyTakes()
    {
        var (x, y) = (Images(), Classes());
        var altered = Image(a => a.MixUp(classes: 4), ("augment.mixup", 0.4)).Apply(x, y);
        CollectionAssert.AreEqual(new long[] { 16, 4 }, altered.Targets.shape);
        Assert.IsLessThan(1e-6f, (altered.Targets.sum(1) - 1).abs().max().item<float>());
        Assert.IsGreaterThanOrEqualTo(0.6f, altered.Targets.max(1).values.min().item<float>());
        Assert.IsTrue(Same(y, altered.Targets.argmax(1)), "the own class outweighs the other");
        Assert.IsTrue(double.IsFinite(torch.nn.functional.cross_entropy(torch.randn(16, 4), altered.Targets).item<float>()));
    }

    [TestMethod]
    public void MixUp_OfClassNumbersOfUnknownCount_SaysSo()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Image(a => a.MixUp(), ("augment.mixup", 0.4)).Apply(Images(), Classes()));
        StringAssert.StartsWith(error.Message, "The targets are whole numbers (Int64, shape [16]), which cannot be mixed; say how many classes they stand for, MixUp(classes: 10)");
    }

    [TestMethod]
    public void Masks_OfNoise_SetAStretchToTheMean()
    {
        var x = torch.randn(64, 20, 30);
        var altered = Audio(a => a.TimeMask(0.5), ("augment.timemask", 0.5)).Apply(x, Classes(64)).Inputs;
        var masked = (altered != x).any(1);
        var count = masked.sum(1).data<long>().ToArray();
        Assert.IsLessThanOrEqualTo(15, count.Max());
        Assert.IsGreaterThan(8, count.Max());
        var mean = x.flatten(1).mean([1]).reshape(64, 1, 1).expand_as(x);
        Assert.IsTrue(Same(torch.where(masked.unsqueeze(1), mean, x), altered));
        var starts = masked.to(torch.int64).diff(1, 1).abs().sum(1).max().item<long>();
        Assert.IsLessThanOrEqualTo(2, starts, "one stretch an example");
    }

    [TestMethod]
    public void TimeShift_OfARamp_MovesItByAWholeNumber()
    {
        var ramp = torch.arange(100, torch.float32).expand(32, 100);
        var altered = Audio(a => a.TimeShift(0.1), ("augment.timeshift", 0.1)).Apply(ramp, Classes(32)).Inputs;
        var by = (altered - ramp).select(1, 50);
        Assert.IsLessThanOrEqualTo(10f, by.abs().max().item<float>());
        Assert.IsTrue(Same(by, by.round()));
        Assert.IsGreaterThan(3, by.data<float>().ToArray().Distinct().Count(), "each example by a distance of its own");
    }

    [TestMethod]
    public void Apply_SameEpochAndBatch_GivesTheSame_WhateverTheGlobalState()
    {
        var (x, y) = (Images(), Classes());
        (string, double)[] strengths = [("augment.shift", .1), ("augment.noise", .2), ("augment.cutout", .3), ("augment.mixup", .3)];
        var first = Image(All, strengths);
        torch.manual_seed(1);
        var one = first.Apply(x, y).Inputs;
        var two = first.Apply(x, y).Inputs;
        torch.manual_seed(2);
        var again = Image(All, strengths);
        Assert.IsTrue(Same(one, again.Apply(x, y).Inputs));
        Assert.IsTrue(Same(two, again.Apply(x, y).Inputs));
        Assert.IsFalse(Same(one, two), "each batch has draws of its own");
    }

    [TestMethod]
    public async Task Apply_InATrialThatGoesOnLater_DrawsWhatItWouldHaveDrawn()
    {
        var whole = await ThirdEpoch(from: 1);
        var later = await ThirdEpoch(from: 3); // as after a checkpoint: the first two epochs are not trained
        CollectionAssert.AreEqual(whole, later);
        Assert.AreNotEqual(whole[0], whole[1], "each batch has draws of its own");
    }

    private static async Task<float[]> ThirdEpoch(int from)
    {
        var space = new SearchSpaceBuilder();
        var augment = space.AddImageAugmentation("augment", a => a.Shift().Noise().Together());
        var sums = new List<float>();
        await new StudyBuilder("later").WithSearchSpace(space).Minimize("loss").UseRandom().ForTrials(1).WithEpochs(3).TuneTorchAsync(trial =>
        {
            var (x, y) = (Images(), Classes());
            var augmenter = augment.Create(trial);
            foreach (var epoch in trial.Epochs())
            {
                for (var batch = 0; batch < 2 && epoch >= from; batch++)
                {
                    var sum = augmenter.Apply(x, y).Inputs.sum().item<float>();
                    if (epoch == 3) sums.Add(sum);
                }

                trial.Report(epoch, 1);
            }

            return 1;
        });
        return [.. sums];
    }

    [TestMethod]
    public void Apply_AnotherOperationAdded_LeavesTheDrawsOfTheRest()
    {
        var (x, y) = (Images(), Classes());
        var alone = Image(All, ("augment.cutout", .5)).Apply(x, y).Inputs;
        var both = Image(All, ("augment.flip", .5), ("augment.cutout", .5)).Apply(x, y).Inputs;
        Assert.IsTrue(Same(alone == 0, both == 0));
    }

    [TestMethod]
    public void Apply_LeavesNoTensorsAndNoGlobalDraws()
    {
        var (x, y) = (Images(), Classes());
        var augmenter = Image(All, ("augment.flip", .5), ("augment.shift", .1), ("augment.rotate", 10), ("augment.noise", .2), ("augment.cutout", .3), ("augment.mixup", .3));
        torch.manual_seed(9);
        var expected = torch.rand(1).item<float>();
        torch.manual_seed(9);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (torch.NewDisposeScope()) augmenter.Apply(x, y);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.AreEqual(expected, torch.rand(1).item<float>());
    }

    [TestMethod]
    public void WithStrength_SmoothOperations_GradientsEqualFiniteDifferences()
    {
        foreach (var operation in Smooth)
        {
            var x = Images(torch.float64);
            var y = torch.randn(16, 3, torch.float64);
            const double At = 0.2, By = 1e-6;
            var strength = torch.tensor(At, torch.float64, requires_grad: true);
            Loss(operation, strength, x, y).backward();
            double Value(double at) => Loss(operation, torch.tensor(at, torch.float64), x, y).item<double>();
            var difference = (Value(At + By) - Value(At - By)) / (2 * By);
            Assert.AreEqual(difference, strength.grad!.item<double>(), 1e-4 * Math.Abs(difference), operation);
            Assert.AreNotEqual(0.0, difference, operation);
        }
    }

    [TestMethod]
    public void WithStrength_OfAValueOrItsTensor_AreTheSame()
    {
        var (x, y) = (Images(), Classes());
        var number = Image(All, ("augment.shift", .1)).Apply(x, y).Inputs;
        var tensor = Image(All).WithStrength("shift", torch.tensor(0.1)).Apply(x, y).Inputs;
        Assert.IsTrue(Same(number, tensor));
    }

    [TestMethod]
    public void WithStrength_ForEachBatch_DrawsAnewForEach()
    {
        var (x, y) = (Images(), Classes());
        var (numbers, tensors) = (Image(All, ("augment.noise", .1)), Image(All));
        foreach (var _ in (int[])[1, 2]) Assert.IsTrue(Same(numbers.Apply(x, y).Inputs, tensors.WithStrength("noise", torch.tensor(.1)).Apply(x, y).Inputs));
    }

    [TestMethod]
    public void Apply_NumberOfABatch_HasTheSameDrawsAgain()
    {
        var (x, y) = (Images(), Classes());
        var augmenter = Image(All, ("augment.noise", .1));
        torch.Tensor first = augmenter.Apply(x, y).Inputs, second = augmenter.Apply(x, y).Inputs;
        Assert.IsFalse(Same(first, second));
        Assert.IsTrue(Same(first, augmenter.Apply(x, y, 0).Inputs));
        Assert.IsTrue(Same(second, augmenter.Apply(x, y, 1).Inputs));
    }

    [TestMethod]
    public void Apply_NumberOfTheStep_GivesUnrolledGradientsThatEqualFiniteDifferences()
    {
        var (x, y) = (Images(torch.float64), torch.randn(16, 3, torch.float64));
        var start = torch.randn(3, (int)(x.numel() / 16), torch.float64) * .01;
        Hypergradient At(double value)
        {
            var (strength, weight) = (torch.tensor(value, torch.float64, requires_grad: true), start.clone().requires_grad_());
            var augmenter = Image(All).WithStrength("noise", strength);
            torch.Tensor Error(torch.Tensor inputs) => (inputs.flatten(1).matmul(weight.t()) - y).square().mean();
            return Hypergradients.Unrolled(new BilevelProblem([weight], [strength], step => Error(augmenter.Apply(x, y, step).Inputs), () => Error(x)), new SgdUpdate(.01), 5);
        }

        var difference = (At(.2 + 1e-5).Loss - At(.2 - 1e-5).Loss) / 2e-5;
        Assert.AreNotEqual(0.0, difference);
        Assert.AreEqual(difference, At(.2).ToArray()[0], 1e-5 * Math.Abs(difference));
    }

    [TestMethod]
    public void WithStrength_UnknownOperation_NamesThoseThereAre()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Image(a => a.Flip().Shift()).WithStrength("noise", torch.tensor(0.1)));
        StringAssert.StartsWith(error.Message, "There is no operation 'noise' here; there are flip, shift.");
    }

    [TestMethod]
    public void Apply_ShapeOrTypeThatDoesNotFit_SaysSo()
    {
        var augmenter = Image(a => a.Flip(), ("augment.flip", .5));
        var shape = Assert.ThrowsExactly<ArgumentException>(() => augmenter.Apply(torch.zeros(16, 28), Classes()));
        StringAssert.StartsWith(shape.Message, "The inputs have shape [16, 28]; 'flip' alters images [n, channels, height, width].");
        var type = Assert.ThrowsExactly<ArgumentException>(() => augmenter.Apply(torch.zeros(16, 1, 8, 8, torch.uint8), Classes()));
        StringAssert.StartsWith(type.Message, "The inputs are Byte; augmentation needs floating-point numbers");
        foreach (long[] other in (long[][])[[16, 1, 2, 8, 8], [0, 1, 8, 8]])
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => augmenter.Apply(torch.zeros(other), Classes())).Message, "]; 'flip' alters images [n, channels, height, width].");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => augmenter.Apply(torch.zeros(15, 1, 8, 8), Classes())).Message, "The inputs have shape [15, 1, 8, 8], the targets [16]; each input needs one target.");
        var mixed = Image(a => a.MixUp(classes: 3), ("augment.mixup", .4));
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => mixed.Apply(torch.zeros(2, 1, 8, 8), torch.tensor(new long[] { 1, 3 }))).Message, "The targets are class numbers from 1 to 3, MixUp(classes: 3) takes 0 to 2; say how many classes there are.");
    }

    [TestMethod]
    public void Together_OneHyperparameter_ScalesTheLargest()
    {
        var space = new SearchSpaceBuilder();
        var augment = space.AddImageAugmentation("augment", a => a.Shift(0.2).Rotate(30).Together());
        var built = space.Build();
        Assert.AreEqual("augment", built.Hyperparameters.Single().Name);
        var half = augment.Create(built.Configure(set => set.Set("augment", 0.5)), new RandomSource(1));
        CollectionAssert.AreEqual(new[] { 0.1, 15.0 }, half.Strengths.Select(pair => pair.Value).ToArray());
    }

    [TestMethod]
    [DataRow(false, 2)]
    [DataRow(true, 1)]
    public void Add_ActiveWhen_AltersNothingElsewhere(bool together, int strengths)
    {
        var space = new SearchSpaceBuilder();
        var isAugmented = space.AddBoolean("augmented");
        var augment = space.AddImageAugmentation("augment", a => together ? a.Shift(0.2).Noise(0.4).Together() : a.Shift(0.2).Noise(0.4), isAugmented.Is(true));
        var sound = space.AddAudioAugmentation("sound", a => a.TimeShift(0.5), isAugmented.Is(true));
        var built = space.Build();
        var without = built.Configure(set => set.Set("augmented", false));
        Assert.AreEqual(strengths + 1, built.Hyperparameters.Count(h => h.ActiveWhen is not null));
        CollectionAssert.AreEqual(new[] { 0.0, 0.0 }, augment.Create(without, new RandomSource(1)).Strengths.Select(pair => pair.Value).ToArray());
        Assert.AreEqual(0, sound.Create(without, new RandomSource(1)).Strengths.Single().Value);
        var images = torch.rand(16, 1, 8, 8);
        Assert.IsTrue(images.equal(augment.Create(without, new RandomSource(1)).Apply(images, Classes()).Inputs).all().item<bool>());
    }

    [TestMethod]
    public void Add_DefinitionsThatAreWrong_SaySo()
    {
        var space = new SearchSpaceBuilder();
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => space.AddImageAugmentation("a", a => a.Shift(2))).Message, "The largest strength of 'shift', 2, must be above 0 and at most 1; leave the operation out instead of 0.");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => space.AddImageAugmentation("a", a => a.Flip().Flip())).Message, "'flip' is there already; name each operation once.");
        StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentException>(() => space.AddAudioAugmentation("a", a => a)).Message, "The augmentation 'a' has no operation; name one");
    }

    private static torch.Tensor Loss(string operation, torch.Tensor strength, torch.Tensor x, torch.Tensor y)
    {
        var altered = Image(All).WithStrength(operation, strength).Apply(x, y);
        return altered.Inputs.pow(3).mean() + altered.Targets.pow(3).mean();
    }

    private static ImageOperations All(ImageOperations a) => a.Flip().Shift(0.3).Rotate(30).Crop(0.5).Noise(0.5).CutOut(0.5).MixUp(classes: 4);

    private static AudioOperations AllAudio(AudioOperations a) => a.TimeShift(0.5).Noise(0.5).TimeMask().FrequencyMask().MixUp(classes: 4);

    private static Augmenter Image(Func<ImageOperations, ImageOperations> define, params (string, double)[] strengths)
    {
        var space = new SearchSpaceBuilder();
        var augment = space.AddImageAugmentation("augment", define);
        return Made(space, augment, strengths);
    }

    private static Augmenter Audio(Func<AudioOperations, AudioOperations> define, params (string, double)[] strengths)
    {
        var space = new SearchSpaceBuilder();
        var augment = space.AddAudioAugmentation("augment", define);
        return Made(space, augment, strengths);
    }

    private static Augmenter Made(SearchSpaceBuilder space, TunableAugmentation augment, (string Name, double Value)[] strengths)
    {
        var configuration = space.Build().Configure(set =>
        {
            foreach (var (name, value) in strengths) set.Set(name, value);
        });
        return augment.Create(configuration, new RandomSource(7));
    }

    private static torch.Tensor Images(torch.ScalarType type = torch.ScalarType.Float32)
    {
        using var generator = new torch.Generator(3, torch.CPU);
        return torch.rand(16, 1, 12, 10, type, generator: generator);
    }

    private static bool Same(torch.Tensor one, torch.Tensor other) => one.shape.SequenceEqual(other.shape) && one.eq(other).all().item<bool>();

    private static torch.Tensor Classes(int count = 16) => torch.arange(count, torch.int64) % 4;
}
