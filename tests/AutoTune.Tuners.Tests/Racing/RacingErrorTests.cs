using AutoTune.Quality.Racing;
using AutoTune.Tuners.Racing;

namespace AutoTune.Tuners.Tests.Racing;

/// <summary>The stated error over simulated studies: a short form of <c>AutoTune.Quality racing</c>, which has the whole table.</summary>
[TestClass]
public sealed class RacingErrorTests
{
    [TestMethod]
    [DataRow(2, 0.0)]
    [DataRow(5, 0.0)]
    [DataRow(5, 2.0)]
    [DataRow(20, 0.5)]
    public void Racing_TheTrialThatWouldHaveWon_IsStoppedNoMoreOftenThanStated(int repeats, double spread)
    {
        foreach (var noise in new[] { RepeatNoise.Normal, RepeatNoise.Unequal })
        {
            foreach (var indifference in new[] { 0.0, 1 })
                Assert.IsLessThanOrEqualTo(0.05, Run(RaceWinner.OfStudy, repeats, spread, noise, indifference: indifference).LostWinnerOfStudy, $"{noise}, {indifference}");
        }
    }

    [TestMethod]
    [DataRow(2, 0.0)]
    [DataRow(5, 0.0)]
    [DataRow(20, 0.5)]
    public void Racing_TheTrulyBestTrial_IsStoppedNoMoreOftenThanStated(int repeats, double spread)
    {
        foreach (var noise in Enum.GetValues<RepeatNoise>())
            Assert.IsLessThanOrEqualTo(0.05, Run(RaceWinner.InTruth, repeats, spread, noise).LostWinnerInTruth, noise.ToString());
    }

    [TestMethod]
    public void Racing_TrialsThatLieClose_SavesMoreWhereLittleIsIndifferent()
    {
        double strict = Run(RaceWinner.OfStudy, 5, 2, RepeatNoise.Normal, indifference: 0).Saved, lax = Run(RaceWinner.OfStudy, 5, 2, RepeatNoise.Normal).Saved;
        Assert.IsGreaterThan(strict + 0.05, lax);
    }

    [TestMethod]
    public void Racing_FiveFoldsOfTrialsThatDiffer_SavesTwoFifths()
        => Assert.IsGreaterThan(0.4, Run(RaceWinner.OfStudy, 5, 10, RepeatNoise.Normal, studies: 200).Saved);

    [TestMethod]
    public void WilcoxonRule_FourRanksAllWorse_HasTheChanceOfASixteenth()
    {
        Assert.AreEqual(1 / 16.0, WilcoxonRule.Chance([1, 2, 3, 4]), 1e-12);
        Assert.AreEqual(2 / 16.0, WilcoxonRule.Chance([-1, 2, 3, 4]), 1e-12); // sums of 9 and of 10
    }

    private static (double LostWinnerOfStudy, double LostWinnerInTruth, double Saved) Run(RaceWinner keeps, int repeats, double spread, RepeatNoise noise, int studies = 1000, double indifference = 1)
    {
        double lostOfStudy = 0, lostInTruth = 0, total = 0;
        for (var i = 0; i < studies; i++)
        {
            var study = SimulatedStudy.Draw(new RandomSource(11).Fork(noise.ToString(), i), trials: 20, repeats, noise, spread);
            var (ofStudy, inTruth, saved) = study.Run(new RaceRule(new RacingOptions { Keeps = keeps, Indifference = indifference }, repeats));
            lostOfStudy += ofStudy ? 1 : 0;
            lostInTruth += inTruth ? 1 : 0;
            total += saved;
        }

        return (lostOfStudy / studies, lostInTruth / studies, total / studies);
    }
}
