using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace AutoTune.MLNet;

/// <summary>
/// Four things that ML.NET keeps to itself, reached by reflection and looked up once: how a context is cancelled, its seed, a schema's
/// shape, and how a linear model is made of weights. Each is missed gracefully if a later version moves it; tests hold the present version to them.
/// </summary>
internal static class MlContextInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;

    /// <summary>Stops what runs in a context, within milliseconds; the context is dead afterwards. Null if this ML.NET has no such method.</summary>
    public static Action<MLContext>? CancelExecution { get; }
        = typeof(MLContext).GetMethod("CancelExecution", Hidden, Type.EmptyTypes)?.CreateDelegate<Action<MLContext>>();

    private static readonly Func<DataViewSchema, SchemaShape>? CreateShape
        = typeof(SchemaShape).GetMethod("Create", Hidden, [typeof(DataViewSchema)])?.CreateDelegate<Func<DataViewSchema, SchemaShape>>();

    /// <summary>The seed that a context was made with; 0 if there is none, or it cannot be told.</summary>
    public static int SeedOf(MLContext context)
    {
        var environment = typeof(MLContext).GetInterfaces().FirstOrDefault(candidate => candidate.Name == "IHostEnvironmentInternal");
        return environment?.GetProperty("Seed", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(context) as int? ?? 0;
    }

    /// <summary>What estimators want to know of a schema in order to say what they would make of it; null if this ML.NET does not tell.</summary>
    public static SchemaShape? ShapeOf(DataViewSchema schema) => CreateShape?.Invoke(schema);

    /// <summary>A linear model of these weights; null if this ML.NET does not make one.</summary>
    public static LinearModelParameters? LinearOf(MLContext context, bool isBinary, float[] weights, float bias)
    {
        var type = isBinary ? typeof(LinearBinaryModelParameters) : typeof(LinearRegressionModelParameters);
        // (environment, weights by reference, bias), and for two classes statistics that may be missing.
        var constructor = type.GetConstructors(Hidden).FirstOrDefault(candidate => candidate.GetParameters() is { Length: 3 or 4 } parameters
            && parameters[1].ParameterType == typeof(VBuffer<float>).MakeByRefType() && parameters[2].ParameterType == typeof(float));
        if (constructor is null) return null;
        var buffer = new VBuffer<float>(weights.Length, weights);
        return (LinearModelParameters)constructor.Invoke(constructor.GetParameters().Length == 3 ? [context, buffer, bias] : [context, buffer, bias, null]);
    }
}
