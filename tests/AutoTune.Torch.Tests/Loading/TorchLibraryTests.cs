using TorchSharp;

namespace AutoTune.Torch.Loading;

[TestClass]
public sealed class TorchLibraryTests
{
    [TestMethod]
    public void Load_OnThisSystem_TorchCalculates()
    {
        TorchLibrary.Load();
        using var ones = torch.ones(3);
        using var sum = ones.sum();
        Assert.AreEqual(3f, sum.item<float>());
    }

    [TestMethod]
    public void Load_Twice_GivesTheSame() => Assert.AreSame(TorchLibrary.Load(), TorchLibrary.Load());
}
