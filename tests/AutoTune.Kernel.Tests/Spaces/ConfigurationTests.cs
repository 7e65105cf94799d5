namespace AutoTune.Kernel.Tests.Spaces;

[TestClass]
public sealed class ConfigurationTests
{
    private readonly Hyperparameter<double> _rate;
    private readonly Hyperparameter<double> _share;
    private readonly Hyperparameter<int> _width;
    private readonly Hyperparameter<string> _trainer;
    private readonly Hyperparameter<double> _penalty;
    private readonly Hyperparameter<bool> _deep;
    private readonly SearchSpace _space;

    public ConfigurationTests()
    {
        var builder = new SearchSpaceBuilder();
        _rate = builder.AddReal("rate", 1e-4, 1, Scale.Log);
        _share = builder.AddReal("share", 0, 1, step: 0.1);
        _width = builder.AddInteger("width", -10, 10, step: 5);
        _trainer = builder.AddCategorical("trainer", ["trees", "sdca"]);
        _penalty = builder.AddReal("penalty", 0, 8, activeWhen: _trainer.Is("sdca"));
        _deep = builder.AddBoolean("deep", activeWhen: _trainer.Is("trees"));
        builder.Require("width is not 10", configuration => configuration.Get(_width) != 10);
        _space = builder.Build();
    }

    [TestMethod]
    public void Default_NothingGiven_IsTheMiddleOnItsScaleOrTheFirstChoice()
    {
        Assert.AreEqual(1e-2, _space.Default.Get(_rate), 1e-16);
        Assert.AreEqual("share=0.5, width=0, trainer=trees, deep=false", _space.Default.ToString().Split(", ", 2)[1]);
    }

    [TestMethod]
    public void Configure_Values_AreSetAndReadByHandleAndByName()
    {
        var byHandle = _space.Configure(set => set.Set(_rate, 0.25).Set(_share, 0.3).Set(_width, -5).Set(_trainer, "sdca").Set(_penalty, 2));
        var byName = _space.Configure(set => set.Set("penalty", 2).Set("trainer", "sdca").Set("width", -5L).Set("share", 3 * 0.1).Set("rate", 0.25f));
        Assert.AreEqual(byHandle, byName);
        Assert.AreEqual(byHandle.GetHashCode(), byName.GetHashCode());
        Assert.AreEqual(0.3, byName.Get(_share));
        Assert.AreEqual(-5, byName.Get(_width));
        Assert.IsFalse(byName.TryGet(_deep, out _));
        Assert.AreEqual("rate=0.25, share=0.3, width=-5, trainer=sdca, penalty=2", byName.ToString());
        Assert.AreEqual(byName.ToString(), string.Join(", ", byName.Values.Select(value => $"{value.Hyperparameter}={value.Text}")));
        Assert.AreNotEqual(byName, _space.Default);
    }

    [TestMethod]
    public void Configure_WrongValues_AreReportedAllAtOnce()
    {
        var error = Assert.ThrowsExactly<SearchSpaceException>(() => _space.Configure(set => set
            .Set(_rate, 2).Set("share", 0.25).Set("width", 3).Set("trainer", "forest").Set("penalty", "much").Set("deep", 1).Set("bias", true)));
        Assert.AreEqual(string.Join(Environment.NewLine,
            "The configuration has several problems:",
            "- Hyperparameter 'rate': 2 is not one of its values (from 0.0001 to 1, log scale).",
            "- Hyperparameter 'share': 0.25 is not one of its values (from 0 to 1 in steps of 0.1).",
            "- Hyperparameter 'width': 3 is not one of its values (whole numbers from -10 to 10 in steps of 5).",
            "- Hyperparameter 'trainer': forest is not one of its values (trees, sdca).",
            "- Hyperparameter 'penalty': much is not one of its values (from 0 to 8).",
            "- Hyperparameter 'deep': 1 is not one of its values (false, true).",
            "- Hyperparameter 'bias' is not in the space, which has rate, share, width, trainer, penalty, deep; use one of these."), error.Message);
    }

    [TestMethod]
    public void Configure_SomethingInactive_IsReported()
    {
        var error = Assert.ThrowsExactly<SearchSpaceException>(() => _space.Configure(set => set.Set(_penalty, 1)));
        Assert.AreEqual("Hyperparameter 'penalty' was set but is inactive: it exists only when trainer = sdca; set that too, or leave this out.", error.Message);
    }

    [TestMethod]
    public void Configure_ChildOfAWrongParent_IsNotReportedToo()
    {
        var error = Assert.ThrowsExactly<SearchSpaceException>(() => _space.Configure(set => set.Set("trainer", "forest").Set(_penalty, 1)));
        Assert.AreEqual("Hyperparameter 'trainer': forest is not one of its values (trees, sdca).", error.Message);
    }

    [TestMethod]
    public void Configure_AgainstAConstraint_IsReported()
    {
        var error = Assert.ThrowsExactly<SearchSpaceException>(() => _space.Configure(set => set.Set(_rate, 1).Set(_width, 10)));
        Assert.AreEqual("Configuration (rate=1, share=0.5, width=10, trainer=trees, deep=false) breaks the constraint 'width is not 10'; set values that meet it.", error.Message);
    }

    [TestMethod]
    public void Configure_ByNameInAnEmptySpace_SaysThatItIsEmpty()
    {
        var error = Assert.ThrowsExactly<SearchSpaceException>(() => SearchSpace.Empty.Configure(set => set.Set("rate", 1)));
        Assert.AreEqual("Hyperparameter 'rate' is not in the space, which has no hyperparameters; declare it first.", error.Message);
    }

    [TestMethod]
    public void Get_SomethingInactive_SaysWhenItExists()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _space.Configure(set => set.Set(_rate, 1)).Get(_penalty));
        Assert.AreEqual("Hyperparameter 'penalty' is inactive in this configuration (rate=1, share=0.5, width=0, trainer=trees, deep=false): "
            + "it exists only when trainer = sdca; ask with TryGet.", error.Message);
    }

    [TestMethod]
    public void Get_AHandleOfAnotherSpace_IsRefused()
    {
        var stranger = new SearchSpaceBuilder().AddReal("rate", 0, 1);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _space.Default.Get(stranger));
        Assert.AreEqual("Hyperparameter 'rate' does not belong to this space (rate, share, width, trainer, penalty, deep); use the handle that its builder gave.", error.Message);
    }

    [TestMethod]
    public void Get_AHandleOfAnEqualSpace_Works()
    {
        var again = new ConfigurationTests();
        Assert.AreEqual(again._space.Default, _space.Default);
        Assert.AreEqual(_space.Default.Get(_rate), _space.Default.Get(again._rate));
    }

    [TestMethod]
    public void Set_ChoicesOfEveryType_AreFoundByValueAndByText()
    {
        var builder = new SearchSpaceBuilder();
        var number = builder.AddCategorical("number", [0.5, 1, 2]);
        var day = builder.AddOrdered("day", [DayOfWeek.Monday, DayOfWeek.Friday], defaultValue: DayOfWeek.Friday);
        var maybe = builder.AddCategorical<string?>("maybe", ["some", null]);
        var pair = builder.AddCategorical("pair", [(0.5, 1), (1.5, 2)]);
        var space = builder.Build();
        Assert.AreEqual("number=0.5, day=Friday, maybe=some, pair=(0.5, 1)", space.Default.ToString());
        var configuration = space.Configure(set => set.Set("number", 2).Set("day", "Monday").Set(maybe, null).Set(pair, (1.5, 2)));
        Assert.AreEqual(2.0, configuration.Get(number));
        Assert.AreEqual(DayOfWeek.Monday, configuration.Get(day));
        Assert.IsNull(configuration.Get(maybe));
        Assert.AreEqual((1.5, 2), configuration.Get(pair));
        Assert.AreEqual("number=2, day=Monday, maybe=null, pair=(1.5, 2)", configuration.ToString());
    }
}
