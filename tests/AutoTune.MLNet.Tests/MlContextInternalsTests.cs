using Microsoft.ML;

namespace AutoTune.MLNet.Tests;

[TestClass]
public sealed class MlContextInternalsTests
{
    [TestMethod]
    public void Internals_OfThisVersionOfMlNet_AreAllFound()
    {
        Assert.IsNotNull(MlContextInternals.CancelExecution);
        Assert.AreEqual(42, MlContextInternals.SeedOf(new MLContext(42)));
        Assert.AreEqual(0, MlContextInternals.SeedOf(new MLContext()));
        Assert.IsNotNull(MlContextInternals.ShapeOf(DataSets.Iris(new MLContext(1)).Schema));
    }

    [TestMethod]
    public void CancelExecution_OfOneContext_LeavesOthersAlive()
    {
        var user = new MLContext(1);
        var fits = new FitContexts(user);
        var cancelled = fits.Create(1);
        MlContextInternals.CancelExecution!(cancelled);
        var cars = DataSets.Cars(user);
        Assert.IsNotNull(DataSets.CarFeatures(fits.Create(2)).Append(fits.Create(3).Regression.Trainers.FastTree("Price", numberOfTrees: 2)).Fit(cars));
    }
}
