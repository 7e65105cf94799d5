using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;

namespace AutoTune.MLNet.Tests;

/// <summary>LightGBM's own early stopping as part of its space.</summary>
[TestClass]
public sealed class EarlyStoppingTests
{
    private static readonly MLContext Ml = new(1);
    private static readonly IDataView Cars = DataSets.Cars(Ml);

    [TestMethod]
    [NeedsLightGbm]
    public async Task EarlyStopping_Chosen_EndsBeforeTheMostTreesAndLaterWithMorePatience()
    {
        var pipeline = DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().LightGbm("Price", earlyStoppingShare: 0.2));
        async Task<int> Trees(int rounds)
        {
            var tuned = await pipeline.TuneAsync(Ml, Cars, tuning => tuning.Regression("Price").HoldOut().UseRandom().ForTrials(2)
                .TryFirst(set => set.Set("LightGbm.Trees", "EarlyStopping").Set("LightGbm.EarlyStoppingRound", rounds)));
            var model = tuned.Fit(tuned.Study.View.Trials[0].Configuration);
            return ((LightGbmRegressionModelParameters)((ISingleFeaturePredictionTransformer<object>)((TransformerChain<ITransformer>)model).LastTransformer).Model).TrainedTreeEnsemble.Trees.Count;
        }

        var (hasty, patient) = (await Trees(5), await Trees(100));
        Assert.IsGreaterThan(3, hasty);
        Assert.IsGreaterThan(hasty, patient);
        Assert.IsLessThan(2000, patient);
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task EarlyStopping_Offered_LeavesTheDefaultsAsTheyAre()
    {
        async Task<double> First(double share) => (await DataSets.CarFeatures(Ml).AppendTunable(Ml.Regression.Trainers.Tunable().LightGbm("Price", earlyStoppingShare: share))
            .TuneAsync(Ml, Cars, tuning => tuning.Regression("Price").CrossValidate(2).UseRandom().ForTrials(1))).BestValue;
        Assert.AreEqual(await First(0), await First(0.1));
    }

    [TestMethod]
    [NeedsLightGbm]
    public async Task EarlyStopping_EveryTask_Works()
    {
        var iris = await DataSets.IrisFeatures(Ml).AppendTunable(Ml.MulticlassClassification.Trainers.Tunable().LightGbm(earlyStoppingShare: 0.1))
            .TuneAsync(Ml, DataSets.Iris(Ml), tuning => tuning.MulticlassClassification().CrossValidate(2).UseRandom().ForTrials(1)
                .TryFirst(set => set.Set("LightGbm.Trees", "EarlyStopping")));
        Assert.IsGreaterThan(0.8, iris.BestValue);
        var cancer = await DataSets.Malignant(Ml).AppendTunable(Ml.BinaryClassification.Trainers.Tunable().LightGbm(earlyStoppingShare: 0.1))
            .TuneAsync(Ml, DataSets.BreastCancer(Ml), tuning => tuning.BinaryClassification().CrossValidate(2).UseRandom().ForTrials(1)
                .TryFirst(set => set.Set("LightGbm.Trees", "EarlyStopping")));
        Assert.IsGreaterThan(0.9, cancer.BestValue);
    }

    [TestMethod]
    public void Space_WithAndWithoutIt_HasItsHyperparametersOnlyThere()
    {
        static string Names(bool mayStopEarly)
        {
            var space = new SearchSpaceBuilder();
            LightGbmSpace.Declare<LightGbmRegressionTrainer.Options>(space, new DataProfile(1000, _ => null), null, (_, _) => { }, mayStopEarly);
            return string.Join(", ", space.Build().Hyperparameters.Take(3).Select(h => h.Name));
        }

        Assert.AreEqual("NumberOfIterations, NumberOfLeaves, MinimumExampleCountPerLeaf", Names(mayStopEarly: false));
        Assert.AreEqual("Trees, EarlyStoppingRound, NumberOfIterations", Names(mayStopEarly: true));
    }

    [TestMethod]
    [DataRow(-0.1)]
    [DataRow(1.0)]
    [DataRow(double.NaN)]
    public void EarlyStoppingShare_ThatIsNone_IsRefused(double share)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Regression.Trainers.Tunable().LightGbm("Price", earlyStoppingShare: share));
        Assert.Contains("must be above 0 and below 1, such as 0.1, or 0 for none", error.Message);
    }
}
