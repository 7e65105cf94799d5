using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace PricePrediction;

/// <summary>A table of prices: its rows, and which columns are numbers and which are text.</summary>
internal sealed record PriceData(IDataView Rows, string Label, string[] NumberColumns, string[] TextColumns)
{
    public static PriceData Load(MLContext ml, string name) => name switch
    {
        "diamonds" => Load(ml, name, "price"),
        // The code of a basement's finish stands where its area should: see SOURCE.md of the data set.
        "ames" => Load(ml, name, "Sale_Price", "BsmtFin_SF_1"),
        _ => throw new ArgumentException($"The data set '{name}' is not known; use diamonds or ames.", nameof(name)),
    };

    private static PriceData Load(MLContext ml, string name, string label, params string[] without)
    {
        var file = Path.Combine(Repository.Root, "datasets", name, $"{name}.csv");
        var lines = File.ReadAllLines(file);
        var header = lines[0].Split(',');
        var isNumber = new bool[header.Length];
        Array.Fill(isNumber, true);
        foreach (var line in lines.Skip(1))
        {
            var cells = line.Split(',');
            for (var i = 0; i < header.Length; i++) isNumber[i] &= double.TryParse(cells[i], CultureInfo.InvariantCulture, out _);
        }

        var columns = header.Select((column, i) => new TextLoader.Column(column, isNumber[i] ? DataKind.Single : DataKind.String, i)).ToArray();
        var rows = ml.Data.LoadFromTextFile(file, columns, separatorChar: ',', hasHeader: true, allowQuoting: true);
        var features = header.Select((column, i) => (Name: column, IsNumber: isNumber[i])).Where(column => column.Name != label && !without.Contains(column.Name)).ToList();
        return new PriceData(rows, label, [.. features.Where(column => column.IsNumber).Select(column => column.Name)],
            [.. features.Where(column => !column.IsNumber).Select(column => column.Name)]);
    }
}
