using AutoTune.Tuners.Architecture;

namespace AutoTune.Tuners.Tests.Architecture;

[TestClass]
public sealed class CellFormTests
{
    private const int None = 0, Skip = 1, Conv = 2, Pool = 3;

    [TestMethod]
    public void Of_CellsThatDifferInWhatHasNoEffect_HaveOneKey()
    {
        var plain = Form(None, None, None, Conv, None, None);
        Assert.AreEqual(plain.Key, Form(Skip, None, None, None, Conv, None).Key, "a skip before it");
        Assert.AreEqual(plain.Key, Form(None, None, Skip, Conv, None, None).Key, "a skip of nothing");
        Assert.AreEqual(plain.Key, Form(None, Pool, None, Conv, None, None).Key, "a node that nothing reads");
        Assert.AreEqual(plain.Key, Form(None, None, None, Conv, Pool, None).Key, "an operation of nothing");
        Assert.AreEqual("0 2 1", string.Join(' ', plain.Kinds.Select(kind => kind < 2 ? kind : 2)));
    }

    [TestMethod]
    public void Of_CellsWhoseMiddleNodesAreExchanged_HaveOneKey()
        => Assert.AreEqual(Form(Conv, Pool, None, None, Conv, Skip).Key, Form(Pool, Conv, None, None, Skip, Conv).Key);

    [TestMethod]
    public void Of_CellsThatComputeSomethingElse_HaveOtherKeys()
    {
        ulong[] keys =
        [
            Form(None, None, None, Conv, None, None).Key, Form(None, None, None, Pool, None, None).Key, Form(None, None, None, Skip, None, None).Key,
            Form(Conv, None, None, None, Conv, None).Key, Form(Conv, None, None, Conv, Skip, None).Key, Form(Conv, None, None, None, Pool, None).Key, Form(Pool, None, None, None, Conv, None).Key,
            Form(Conv, None, Skip, None, Skip, Skip).Key, // one operation, twice in the sum
            Form(Conv, Conv, None, None, Pool, Pool).Key, Form(Conv, None, Skip, None, Pool, Pool).Key, // two operations of their own weights, or one that both read
        ];
        Assert.AreEqual(keys.Length, keys.Distinct().Count());
    }

    [TestMethod]
    public void Of_ACellWithoutAWayThrough_IsNotConnected()
    {
        Assert.IsFalse(Form(Conv, Conv, Conv, None, None, None).IsConnected);
        Assert.IsFalse(Form(None, None, Conv, None, Conv, Conv).IsConnected);
        Assert.IsTrue(Form(None, None, None, Skip, None, None).IsConnected);
    }

    // 6466 is what the benchmark's authors count, by texts in which what is nothing still has its place (Dong and Yang 2020, section 2.1). Without it there are 4930; a form
    // tells apart, besides, one operation that two read and two operations of their own weights, which a text writes out twice.
    [TestMethod]
    public void Of_AllCellsOfNasBench201_TellsApartWhatComputesSomethingElseAndNothingMore()
    {
        HashSet<string> texts = [], plainTexts = [];
        var textOfKey = new Dictionary<ulong, string>();
        for (var code = 0; code < 15625; code++)
        {
            int[] operations = [.. Enumerable.Range(0, 6).Select(i => code / (int)Math.Pow(5, i) % 5)];
            var plain = PlainText(operations);
            texts.Add(AuthorsText(operations));
            plainTexts.Add(plain);
            Assert.AreEqual(textOfKey.TryAdd(Form(operations).Key, plain) ? plain : textOfKey[Form(operations).Key], plain);
        }

        Assert.HasCount(6466, texts);
        Assert.HasCount(4930, plainTexts);
        Assert.HasCount(5425, textOfKey);
    }

    private static string AuthorsText(int[] operations)
    {
        var nodes = new[] { "0", "", "", "" };
        for (int to = 1, k = 0; to < 4; to++)
        {
            nodes[to] = string.Join('+', Enumerable.Range(0, to).Select(from => (operations[k++], nodes[from]) switch
            {
                (None, _) or (_, "#") => "#",
                (Skip, var source) => source,
                (var operation, var source) => $"({source})@{operation}",
            }).Order(StringComparer.Ordinal));
        }

        return nodes[3];
    }

    // Without what is nothing, and a skip of a sum is its terms.
    private static string PlainText(int[] operations)
    {
        string[][] nodes = [["0"], [], [], []];
        for (int to = 1, k = 0; to < 4; to++)
        {
            nodes[to] = [.. Enumerable.Range(0, to).SelectMany(from => operations[k++] switch
            {
                None => [],
                Skip => nodes[from],
                var operation => nodes[from].Length == 0 ? (string[])[] : [$"({string.Join('+', nodes[from])})@{operation}"],
            }).Order(StringComparer.Ordinal)];
        }

        return string.Join('+', nodes[3]);
    }

    private static CellForm Form(params int[] operations) => CellForm.Of(4, Edges(operations), None, Skip);

    private static IEnumerable<(int, int, int)> Edges(int[] operations)
        => [(0, 1, operations[0]), (0, 2, operations[1]), (1, 2, operations[2]), (0, 3, operations[3]), (1, 3, operations[4]), (2, 3, operations[5])];
}
