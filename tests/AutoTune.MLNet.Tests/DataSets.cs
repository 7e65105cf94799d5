using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet.Tests;

/// <summary>The repository's data sets as ML.NET loads them.</summary>
internal static class DataSets
{
    public static readonly string[] WineFeatures =
    [
        "alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids", "nonflavanoid_phenols", "proanthocyanins",
        "color_intensity", "hue", "od280_od315", "proline",
    ];

    private static readonly string Folder = Path.Combine(Root(), "datasets");

    public static IDataView Iris(MLContext ml) => Load(ml, "iris/iris.csv",
        [Number("sepal_length", 0), Number("sepal_width", 1), Number("petal_length", 2), Number("petal_width", 3), Text("species", 4)]);

    public static IDataView Wine(MLContext ml) => Load(ml, "wine/wine.csv", [.. WineFeatures.Select(Number), Text("class", 13)]);

    public static IDataView BreastCancer(MLContext ml) => Load(ml, "breast-cancer/breast-cancer.csv",
        [new("Features", DataKind.Single, [new TextLoader.Range(0, 29)]), Text("diagnosis", 30)]);

    public static IDataView Cars(MLContext ml) => Load(ml, "car-prices/car-prices.csv",
        [Number("Price", 0), Number("Mileage", 1), Number("Cylinder", 2), new("Rest", DataKind.Single, [new TextLoader.Range(3, 17)])]);

    /// <summary>Every n-th row: the file is sorted by price.</summary>
    public static IDataView Diamonds(MLContext ml, int every = 40) => ml.Data.LoadFromEnumerable(File.ReadLines(Path.Combine(Folder, "diamonds/diamonds.csv"))
        .Skip(1).Where((_, row) => row % every == 0).Select(line => line.Split(','))
        .Select(cells => new Diamond(float.Parse(cells[0], CultureInfo.InvariantCulture), cells[1], float.Parse(cells[4], CultureInfo.InvariantCulture), float.Parse(cells[6], CultureInfo.InvariantCulture))).ToList());

    public static IDataView FineFoods(MLContext ml, int rows)
        => ml.Data.TakeRows(Load(ml, "fine-foods/train.csv", [Text("product", 0), Text("review", 1), Text("score", 2)]), rows);

    public static IEstimator<ITransformer> IrisFeatures(MLContext ml) => ml.Transforms.Conversion.MapValueToKey("Label", "species")
        .Append(ml.Transforms.Concatenate("Features", "sepal_length", "sepal_width", "petal_length", "petal_width"));

    public static IEstimator<ITransformer> CarFeatures(MLContext ml)
        => ml.Transforms.Concatenate("Features", "Mileage", "Cylinder", "Rest").Append(ml.Transforms.NormalizeMinMax("Features"));

    public static IEstimator<ITransformer> Malignant(MLContext ml)
        => ml.Transforms.Conversion.MapValue("Label", new Dictionary<string, bool> { ["malignant"] = true, ["benign"] = false }, "diagnosis")
            .Append(ml.Transforms.NormalizeMinMax("Features"));

    private static IDataView Load(MLContext ml, string file, TextLoader.Column[] columns) => ml.Data.LoadFromTextFile(Path.Combine(Folder, file),
        new TextLoader.Options { HasHeader = true, Separators = [','], AllowQuoting = true, Columns = columns });

    private static TextLoader.Column Number(string name, int index) => new(name, DataKind.Single, index);

    private static TextLoader.Column Text(string name, int index) => new(name, DataKind.String, index);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AutoTune.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("AutoTune.sln");
        return folder.FullName;
    }

    private sealed record Diamond(float Carat, string Cut, float Depth, float Price);
}
