using System.Security.Cryptography;

namespace AutoTune.Architecture.Tests;

[TestClass]
public sealed class DatasetTests
{
    private static IEnumerable<(string Sum, string File)> Sums => File.ReadLines(Repository.PathOf("datasets", "SHA256SUMS"))
        .Where(line => line.Length > 0).Select(line => (line[..64], line[66..]));

    public static IEnumerable<object[]> Files => Sums.Select(entry => new object[] { entry.File, entry.Sum });

    public static IEnumerable<object[]> Folders => Directory.GetDirectories(Repository.PathOf("datasets")).Order(StringComparer.Ordinal).Select(folder => new object[] { Path.GetFileName(folder) });

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Dataset_EachFile_HasItsChecksum(string file, string sum)
    {
        using var stream = File.OpenRead(Repository.PathOf("datasets", file));
        Assert.AreEqual(sum, Convert.ToHexStringLower(SHA256.HashData(stream)), $"datasets/{file} is not the file that its source gives; datasets/get.sh makes it again.");
    }

    [TestMethod]
    [DynamicData(nameof(Folders))]
    public void Dataset_EachFolder_HasLicenceSourceAndSums(string folder)
    {
        Assert.IsTrue(File.Exists(Repository.PathOf("datasets", folder, "LICENSE")), $"datasets/{folder} has no LICENSE.");
        Assert.IsTrue(File.Exists(Repository.PathOf("datasets", folder, "SOURCE.md")), $"datasets/{folder} has no SOURCE.md.");
        var data = Directory.GetFiles(Repository.PathOf("datasets", folder)).Select(path => Path.GetFileName(path)).Where(name => name is not ("LICENSE" or "SOURCE.md")).ToList();
        Assert.IsNotEmpty(data);
        Found.None(data.Select(name => $"{folder}/{name}").Except(Sums.Select(entry => entry.File)), "SHA256SUMS misses a file.");
    }

    [TestMethod]
    public void Readme_OfTheDatasets_NamesEachFolder()
    {
        var readme = File.ReadAllText(Repository.PathOf("datasets", "README.md"));
        foreach (var folder in Folders) Assert.Contains($"{folder[0]}/SOURCE.md", readme);
    }
}
