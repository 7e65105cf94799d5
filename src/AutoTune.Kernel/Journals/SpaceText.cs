using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace AutoTune.Journals;

/// <summary>Spaces and configurations as JSON.</summary>
/// <remarks>
/// A value is a number, or the text of a choice, under its hyperparameter's name; what is inactive is absent. Choices come back as their
/// texts and constraints as names that always hold: reading needs no code of the user's.
/// </remarks>
internal static class SpaceText
{
    public static void Write(Utf8JsonWriter json, string property, SearchSpace space)
    {
        json.WriteStartObject(property);
        json.WriteStartArray("hyperparameters");
        foreach (var hyperparameter in space.Hyperparameters) WriteBody(json, hyperparameter);
        json.WriteEndArray();
        if (!space.ConstraintNames.IsEmpty) WriteTexts(json, "constraints", space.ConstraintNames);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, string property, Hyperparameter hyperparameter)
    {
        json.WritePropertyName(property);
        WriteBody(json, hyperparameter);
    }

    public static void Write(Utf8JsonWriter json, string property, Configuration configuration)
    {
        json.WriteStartObject(property);
        var codes = configuration.Codes;
        foreach (var hyperparameter in configuration.Space.Hyperparameters)
        {
            if (!double.IsNaN(codes[hyperparameter.Index])) WriteValue(json, hyperparameter.Name, hyperparameter.Domain, codes[hyperparameter.Index]);
        }

        json.WriteEndObject();
    }

    /// <summary>A number; those that JSON does not know as text.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string property, double number)
    {
        if (double.IsFinite(number)) json.WriteNumber(property, number);
        else json.WriteString(property, number.ToString(CultureInfo.InvariantCulture));
    }

    public static double ReadNumber(JsonElement json)
        => json.ValueKind == JsonValueKind.String ? double.Parse(json.GetString()!, CultureInfo.InvariantCulture) : json.GetDouble();

    public static SearchSpace ReadSpace(JsonElement json)
    {
        var hyperparameters = ImmutableArray.CreateBuilder<Hyperparameter>();
        foreach (var hyperparameter in json.GetProperty("hyperparameters").EnumerateArray())
            hyperparameters.Add(ReadHyperparameter(hyperparameter, hyperparameters));
        var constraints = json.TryGetProperty("constraints", out var names) ? ReadTexts(names) : [];
        return new SearchSpace(hyperparameters.ToImmutable(), [.. constraints.Select(name => new Constraint(name, _ => true))]);
    }

    /// <summary>The hyperparameter that comes after those that are known.</summary>
    public static Hyperparameter ReadHyperparameter(JsonElement json, IReadOnlyList<Hyperparameter> known)
    {
        var name = json.GetProperty("name").GetString()!;
        var domain = ReadDomain(json);
        var declaration = new HyperparameterDeclaration(name, domain, ReadValue(json.GetProperty("default"), name, domain));
        return declaration.At(known.Count, json.TryGetProperty("when", out var when) ? ReadCondition(when, known) : null);
    }

    public static Configuration ReadConfiguration(JsonElement json, SearchSpace space)
    {
        var codes = new double[space.Hyperparameters.Length];
        codes.AsSpan().Fill(double.NaN);
        foreach (var property in json.EnumerateObject())
        {
            var hyperparameter = space.Hyperparameters.FirstOrDefault(h => h.Name == property.Name)
                ?? throw new FormatException($"the hyperparameter '{property.Name}' is not in its space");
            codes[hyperparameter.Index] = ReadValue(property.Value, hyperparameter.Name, hyperparameter.Domain);
        }

        return new Configuration(space, codes);
    }

    private static void WriteBody(Utf8JsonWriter json, Hyperparameter hyperparameter)
    {
        json.WriteStartObject();
        json.WriteString("name", hyperparameter.Name);
        WriteDomain(json, hyperparameter.Domain);
        WriteValue(json, "default", hyperparameter.Domain, hyperparameter.DefaultCode);
        if (hyperparameter.ActiveWhen is { } condition)
        {
            json.WriteStartObject("when");
            json.WriteNumber("parent", condition.Parent.Index);
            WriteTexts(json, "is", condition.Labels);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteDomain(Utf8JsonWriter json, Domain domain)
    {
        switch (domain)
        {
            case RealDomain real:
                json.WriteString("type", "real");
                json.WriteNumber("low", real.Low);
                json.WriteNumber("high", real.High);
                WriteScale(json, real.Scale);
                if (real.Step is { } step) json.WriteNumber("step", step);
                break;
            case IntegerDomain integer:
                json.WriteString("type", "integer");
                json.WriteNumber("low", integer.Low);
                json.WriteNumber("high", integer.High);
                WriteScale(json, integer.Scale);
                if (integer.Step != 1) json.WriteNumber("step", integer.Step);
                break;
            case ChoiceDomain choice:
                json.WriteString("type", choice.Ordered ? "ordered" : "categorical");
                WriteTexts(json, "choices", choice.Labels);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static Domain ReadDomain(JsonElement json)
    {
        var step = json.TryGetProperty("step", out var given) ? given : default(JsonElement?);
        return json.GetProperty("type").GetString() switch
        {
            "real" => new RealDomain(json.GetProperty("low").GetDouble(), json.GetProperty("high").GetDouble(), ReadScale(json), step?.GetDouble()),
            "integer" => new IntegerDomain(json.GetProperty("low").GetInt32(), json.GetProperty("high").GetInt32(), ReadScale(json), step?.GetInt32() ?? 1),
            "categorical" => new ChoiceDomain(ReadTexts(json.GetProperty("choices"))),
            "ordered" => new ChoiceDomain(ReadTexts(json.GetProperty("choices")), Ordered: true),
            var other => throw new FormatException($"a hyperparameter's type '{other}' is unknown"),
        };
    }

    private static Condition ReadCondition(JsonElement json, IReadOnlyList<Hyperparameter> known)
    {
        var parent = known[json.GetProperty("parent").GetInt32()];
        var labels = ReadTexts(json.GetProperty("is"));
        return new Condition(parent, [.. labels.Select(label => parent.Domain switch
        {
            IntegerDomain => int.Parse(label, CultureInfo.InvariantCulture),
            _ => parent.ToCode(label),
        })], labels);
    }

    private static void WriteValue(Utf8JsonWriter json, string property, Domain domain, double code)
    {
        if (domain is ChoiceDomain) json.WriteString(property, domain.Format(code));
        else json.WriteNumber(property, code);
    }

    private static double ReadValue(JsonElement json, string name, Domain domain)
    {
        if (domain is not ChoiceDomain choice) return json.GetDouble();
        var code = choice.Labels.IndexOf(json.GetString()!);
        return code >= 0 ? code : throw new FormatException($"'{json.GetString()}' is not a choice of '{name}'");
    }

    private static void WriteScale(Utf8JsonWriter json, Scale scale)
    {
        if (scale == Scale.Log) json.WriteString("scale", "log");
    }

    private static Scale ReadScale(JsonElement json) => !json.TryGetProperty("scale", out var scale) ? Scale.Linear : scale.GetString() switch
    {
        "log" => Scale.Log,
        var other => throw new FormatException($"the scale '{other}' is unknown"),
    };

    private static void WriteTexts(Utf8JsonWriter json, string property, ImmutableArray<string> texts)
    {
        json.WriteStartArray(property);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static ImmutableArray<string> ReadTexts(JsonElement json) => [.. json.EnumerateArray().Select(text => text.GetString()!)];
}
