namespace AutoTune.Torch.Loading;

/// <summary>Whichever test comes first: TorchSharp finds its library loaded.</summary>
[TestClass]
public static class LoadFirst
{
    [AssemblyInitialize]
    public static void Load(TestContext _) => TorchLibrary.Load();
}
