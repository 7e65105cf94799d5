using AutoTune.Quality.Problems;
using AutoTune.Quality.Simulating;

namespace AutoTune.Quality.Tests;

[TestClass]
public sealed class MethodTests
{
    [TestMethod]
    public void Choose_TunersAndSchedulers_AreCrossed()
        => Assert.AreSequenceEqual(["tpe+none", "random+median", "random+asha", "bayesian+median", "bayesian+asha"],
            Method.Choose(["tpe+none"], ["random", "bayesian"], ["median", "asha"]).Select(method => method.ToString()));

    [TestMethod]
    public void Choose_ASchedulerWithItsTuner_IsOneMethod()
        => Assert.AreSequenceEqual(["random+asha", "own+bohb", "tpe+asha"], Method.Choose([], ["random", "tpe"], ["asha", "bohb"]).Select(method => method.ToString()));

    [TestMethod]
    public void Choose_MethodsAlone_AreThese() => Assert.AreSequenceEqual(["tpe+asha"], Method.Choose(["tpe+asha"], [], []).Select(method => method.ToString()));

    [TestMethod]
    [DataRow("tpe", "Method 'tpe' must be like tpe+none: a tuner and a scheduler.")]
    [DataRow("tpe+nothing", "There is no scheduler 'nothing'; known are none, ")]
    [DataRow("tpe+bohb", "Scheduler 'bohb' brings its tuner; say own+bohb.")]
    [DataRow("luck+none", "There is no tuner 'luck'; known are random, ")]
    public void Parse_WhatIsUnknown_SaysWhatIsKnown(string text, string message)
        => Assert.StartsWith(message, Assert.ThrowsExactly<ProblemException>(() => Method.Parse(text)).Message);

    [TestMethod]
    public void CommandLine_Simulate_ReadsListsAndHasSeeds()
    {
        var arguments = CommandLine.Parse(["simulate", "--methods", "tpe+none,random+asha", "--slots", "1,8,64", "--budget", "20", "--out", "a.jsonl"]);
        Assert.AreSequenceEqual([1, 8, 64], arguments.Slots);
        Assert.AreSequenceEqual(["tpe+none", "random+asha"], arguments.Methods);
        Assert.AreEqual(20, arguments.Budget);
        Assert.HasCount(10, arguments.Seeds);
    }
}
