namespace AutoTune.Sqlite.Tests;

[TestClass]
public sealed class SaveToTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [TestMethod]
    public void SaveTo_ADerivedBuilder_KeepsItsType()
    {
        SpecialBuilder builder = new SpecialBuilder("x").SaveTo(_folder["study.db"]);
        Assert.AreEqual("x", builder.Name);
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder.Path)); // nothing happens before the study is opened
    }

    [TestMethod]
    public void SaveTo_AnEmptyPath_Throws() => Assert.ThrowsExactly<ArgumentException>(() => new StudyBuilder("x").SaveTo(" "));

    public void Dispose() => _folder.Dispose();

    private sealed class SpecialBuilder(string name) : StudyBuilder(name);
}
