namespace AutoTune.Kernel.Tests.Spaces;

/// <summary>Every bad definition gets a message that names the thing, its value, the rule and the remedy.</summary>
[TestClass]
public sealed class DefinitionProblemTests
{
    [TestMethod]
    [DataRow(5.0, 1.0, Scale.Linear, null, "low 5 is above high 1; swap them.")]
    [DataRow(0.3, 0.1, Scale.Linear, 0.1, "low 0.3 is above high 0.1; swap them.")]
    [DataRow(0.0, 1.0, Scale.Log, null, "low 0 must be above 0 on a log scale; raise low or use Scale.Linear.")]
    [DataRow(-1e-3, 1.0, Scale.Log, null, "low -0.001 must be above 0 on a log scale; raise low or use Scale.Linear.")]
    [DataRow(double.NaN, 1.0, Scale.Linear, null, "the range from NaN to 1 must be finite; give two numbers.")]
    [DataRow(0.0, double.NaN, Scale.Log, null, "the range from 0 to NaN must be finite; give two numbers.")]
    [DataRow(double.NegativeInfinity, double.PositiveInfinity, Scale.Linear, 1.0, "the range from -Infinity to Infinity must be finite; give two numbers.")]
    [DataRow(0.0, 1.0, Scale.Linear, 0.0, "step 0 must be a finite number above 0; leave it out for a continuous range.")]
    [DataRow(0.0, 1.0, Scale.Linear, -0.1, "step -0.1 must be a finite number above 0; leave it out for a continuous range.")]
    [DataRow(0.0, 1.0, Scale.Linear, double.NaN, "step NaN must be a finite number above 0; leave it out for a continuous range.")]
    [DataRow(0.0, 1.0, Scale.Linear, double.PositiveInfinity, "step Infinity must be a finite number above 0; leave it out for a continuous range.")]
    [DataRow(1.0, 8.0, Scale.Log, 1.0, "step 1 does not go with a log scale; leave one of them out.")]
    [DataRow(0.0, 1.0, Scale.Linear, 0.3, "step 0.3 does not lead from 0 to 1; set high to 0.9 or change the step.")]
    [DataRow(0.0, 1.0, Scale.Linear, 0.6, "step 0.6 does not lead from 0 to 1; set high to 0.6 or change the step.")]
    [DataRow(-1.0, 1.0, Scale.Linear, 0.35, "step 0.35 does not lead from -1 to 1; set high to 0.75 or change the step.")]
    [DataRow(0.0, 1.0, Scale.Linear, 3.0, "step 3 is larger than the range from 0 to 1; reduce it or leave it out.")]
    [DataRow(0.0, 1.0, Scale.Linear, 1e-12, "step 1E-12 makes more than 2147483647 values from 0 to 1; enlarge it or leave it out.")]
    [DataRow(-1.7e308, 1.7e308, Scale.Linear, 1e308, "step 1E+308 makes more than 2147483647 values from -1.7E+308 to 1.7E+308; enlarge it or leave it out.")]
    [DataRow(0.0, 1.0, (Scale)7, null, "scale 7 is unknown; use Scale.Linear or Scale.Log.")]
    public void AddReal_Wrong_IsReported(double low, double high, Scale scale, double? step, string problem)
        => AssertProblems(space => space.AddReal("rate", low, high, scale, step), $"Hyperparameter 'rate': {problem}");

    [TestMethod]
    [DataRow(5, 1, Scale.Linear, 1, "low 5 is above high 1; swap them.")]
    [DataRow(int.MaxValue, int.MinValue, Scale.Linear, 1, "low 2147483647 is above high -2147483648; swap them.")]
    [DataRow(0, 64, Scale.Log, 1, "low 0 must be above 0 on a log scale; raise low or use Scale.Linear.")]
    [DataRow(-4, 64, Scale.Log, 1, "low -4 must be above 0 on a log scale; raise low or use Scale.Linear.")]
    [DataRow(0, 10, Scale.Linear, 0, "step 0 must be at least 1; leave it out for every whole number.")]
    [DataRow(0, 10, Scale.Linear, -2, "step -2 must be at least 1; leave it out for every whole number.")]
    [DataRow(1, 64, Scale.Log, 2, "step 2 does not go with a log scale; leave one of them out.")]
    [DataRow(0, 10, Scale.Linear, 3, "step 3 does not lead from 0 to 10; set high to 9 or change the step.")]
    [DataRow(int.MinValue, int.MaxValue, Scale.Linear, 2, "step 2 does not lead from -2147483648 to 2147483647; set high to 2147483646 or change the step.")]
    [DataRow(0, 10, Scale.Linear, 20, "step 20 is larger than the range from 0 to 10; reduce it or leave it out.")]
    [DataRow(0, 10, (Scale)(-1), 1, "scale -1 is unknown; use Scale.Linear or Scale.Log.")]
    public void AddInteger_Wrong_IsReported(int low, int high, Scale scale, int step, string problem)
        => AssertProblems(space => space.AddInteger("width", low, high, scale, step), $"Hyperparameter 'width': {problem}");

    [TestMethod]
    public void AddReal_LowAboveHighAndBelowZeroOnALogScale_IsReportedTwice()
        => AssertProblems(
            space => space.AddReal("rate", -1, -2, Scale.Log, 0.5),
            "Hyperparameter 'rate': low -1 is above high -2; swap them.",
            "Hyperparameter 'rate': low -1 must be above 0 on a log scale; raise low or use Scale.Linear.",
            "Hyperparameter 'rate': step 0.5 does not go with a log scale; leave one of them out.");

    [TestMethod]
    public void AddCategorical_NoChoices_IsReported()
        => AssertProblems(space => space.AddCategorical<string>("trainer", []), "Hyperparameter 'trainer': it has no choices; give at least one.");

    [TestMethod]
    public void AddOrdered_NoChoices_IsReported()
        => AssertProblems(space => space.AddOrdered<int>("size", []), "Hyperparameter 'size': it has no choices; give at least one.");

    [TestMethod]
    public void AddCategorical_AChoiceTwice_IsReported()
        => AssertProblems(
            space => space.AddCategorical("trainer", ["a", "b", "a", "B", "a"]),
            "Hyperparameter 'trainer': the choice 'a' is there 3 times; give each choice once (choices are told apart by their text).");

    [TestMethod]
    public void AddCategorical_ChoicesOfTheSameText_AreReported()
        => AssertProblems(
            space => space.AddCategorical<object>("mixed", [1, "1", true, "true"]),
            "Hyperparameter 'mixed': the choice '1' is there 2 times; give each choice once (choices are told apart by their text).",
            "Hyperparameter 'mixed': the choice 'true' is there 2 times; give each choice once (choices are told apart by their text).");

    [TestMethod]
    [DataRow("")]
    [DataRow("  ")]
    public void Add_NoName_IsReported(string name)
        => AssertProblems(space => space.AddBoolean(name), $"Hyperparameter '{name}': its name is empty; give it one.");

    [TestMethod]
    public void Add_ANameTwice_IsReported()
        => AssertProblems(
            space => { space.AddReal("rate", 0, 1); space.AddInteger("rate", 0, 1); },
            "Hyperparameter 'rate': its name is already taken; give each hyperparameter a name of its own.");

    [TestMethod]
    public void Add_ANameTwiceInANest_IsReportedInFull()
        => AssertProblems(
            space => { space.Nest("a").Nest("b").AddBoolean("flag"); space.Nest("a").AddBoolean("b.flag"); },
            "Hyperparameter 'a.b.flag': its name is already taken; give each hyperparameter a name of its own.");

    [TestMethod]
    public void Add_ADefaultThatIsNoValue_IsReported()
        => AssertProblems(
            space =>
            {
                space.AddReal("rate", 1e-5, 1e-1, Scale.Log, defaultValue: 1);
                space.AddReal("noise", 0, 1, defaultValue: double.NaN);
                space.AddReal("share", 0, 1, step: 0.1, defaultValue: 0.25);
                space.AddInteger("width", 16, 64, step: 16, defaultValue: 20);
                space.AddCategorical("trainer", ["sdca", "lbfgs"], defaultValue: "lightgbm");
                space.AddOrdered("size", [1, 2], defaultValue: 3);
            },
            "Hyperparameter 'rate': its default 1 is not one of its values (from 1E-05 to 0.1, log scale); choose one of them, or leave the default out.",
            "Hyperparameter 'noise': its default NaN is not one of its values (from 0 to 1); choose one of them, or leave the default out.",
            "Hyperparameter 'share': its default 0.25 is not one of its values (from 0 to 1 in steps of 0.1); choose one of them, or leave the default out.",
            "Hyperparameter 'width': its default 20 is not one of its values (whole numbers from 16 to 64 in steps of 16); choose one of them, or leave the default out.",
            "Hyperparameter 'trainer': its default lightgbm is not one of its values (sdca, lbfgs); choose one of them, or leave the default out.",
            "Hyperparameter 'size': its default 3 is not one of its values (in order 1, 2); choose one of them, or leave the default out.");

    [TestMethod]
    public void Add_ADefaultInABrokenRange_IsNotReportedToo()
        => AssertProblems(space => space.AddReal("rate", 1, 0, defaultValue: 7), "Hyperparameter 'rate': low 1 is above high 0; swap them.");

    [TestMethod]
    public void Build_ManyProblems_ReportsAllAtOnce()
    {
        var space = new SearchSpaceBuilder();
        space.AddReal("rate", 0, 1, Scale.Log);
        space.AddInteger("width", 64, 16);
        space.AddCategorical<string>("trainer", []);
        var error = Assert.ThrowsExactly<SearchSpaceException>(space.Build);
        Assert.AreEqual(string.Join(Environment.NewLine,
            "The search space has several problems:",
            "- Hyperparameter 'rate': low 0 must be above 0 on a log scale; raise low or use Scale.Linear.",
            "- Hyperparameter 'width': low 64 is above high 16; swap them.",
            "- Hyperparameter 'trainer': it has no choices; give at least one."), error.Message);
        Assert.HasCount(3, error.Problems);
    }

    [TestMethod]
    public void Domain_WithEveryProblem_DoesNotThrowBeforeItIsReported()
    {
        double[] numbers = [double.NaN, double.NegativeInfinity, -1.7e308, -1, 0, 5e-324, 0.5, 1, 1.7e308, double.PositiveInfinity];
        foreach (var scale in new[] { Scale.Linear, Scale.Log, (Scale)9 })
        {
            foreach (var low in numbers)
            {
                foreach (var high in numbers)
                {
                    foreach (var step in numbers.Cast<double?>().Append(null)) Touch(new RealDomain(low, high, scale, step));
                }
            }

            int[] wholes = [int.MinValue, -1, 0, 1, 2, int.MaxValue];
            foreach (var low in wholes)
            {
                foreach (var high in wholes)
                {
                    foreach (var step in wholes) Touch(new IntegerDomain(low, high, scale, step));
                }
            }
        }

        Touch(new ChoiceDomain(default));
        Touch(new ChoiceDomain([]));

        void Touch(Domain domain)
        {
            var isSound = !domain.Problems().Any();
            Assert.IsTrue(domain.Cardinality is null or >= 0, domain.ToString());
            foreach (var number in numbers) Assert.IsTrue(domain.Contains(domain.Tidy(number)) || !domain.Contains(number));
            Assert.AreEqual(domain, domain);
            Assert.IsNotNull(SearchSpaceBuilder.Describe(domain));
            if (!isSound) return;
            foreach (var unit in new[] { 0, 0.25, 0.5, 0.75, 1 })
            {
                var code = domain.FromUnit(unit);
                Assert.IsTrue(domain.Contains(code), $"{domain}: {code}");
                Assert.AreEqual(code, domain.FromUnit(domain.ToUnit(code)), domain.ToString());
            }
        }
    }

    [TestMethod]
    public void Is_OnABrokenParent_DoesNotThrowBeforeItIsReported()
        => AssertProblems(
            space =>
            {
                var share = space.AddReal("share", 0, 1, step: -0.5);
                var depth = space.AddInteger("depth", 0, 9, step: 0);
                space.AddBoolean("a", activeWhen: share.Is(0.5));
                space.AddBoolean("b", activeWhen: depth.Is(3));
            },
            "Hyperparameter 'share': step -0.5 must be a finite number above 0; leave it out for a continuous range.",
            "Hyperparameter 'depth': step 0 must be at least 1; leave it out for every whole number.",
            "Hyperparameter 'a': its parent 'share' is a real number; a parent must be a choice, a boolean or an integer.");

    internal static void AssertProblems(Action<SearchSpaceBuilder> define, params string[] problems)
    {
        var space = new SearchSpaceBuilder();
        define(space);
        var error = Assert.ThrowsExactly<SearchSpaceException>(space.Build);
        Assert.AreEqual(string.Join('\n', problems), string.Join('\n', error.Problems));
        if (problems.Length == 1) Assert.AreEqual(problems[0], error.Message);
    }
}
