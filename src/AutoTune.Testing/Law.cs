using System.Globalization;
using System.Runtime.CompilerServices;

namespace AutoTune.Testing;

/// <summary>A law of a contract, to be run as a test.</summary>
/// <param name="Name">The law in words.</param>
/// <param name="Check">Returns if the law holds; throws <see cref="ConformanceException"/> if not.</param>
public sealed record Law(string Name, Func<Task> Check)
{
    /// <summary>A law that is checked without waiting.</summary>
    internal static Law Of(string name, Action check) => Of(name, () =>
    {
        check();
        return Task.CompletedTask;
    });

    /// <summary>A law; an exception of what is checked breaks it too.</summary>
    internal static Law Of(string name, Func<Task> check) => new(name, async () =>
    {
        try
        {
            await check().ConfigureAwait(false);
        }
        catch (ConformanceException broken)
        {
            throw new ConformanceException($"{name}: {broken.Message}", broken);
        }
        catch (Exception unexpected)
        {
            throw new ConformanceException($"{name}: {unexpected.GetType().Name} was thrown: {unexpected.Message}", unexpected);
        }
    });

    /// <summary>The name: what a test explorer shows.</summary>
    public override string ToString() => Name;
}

/// <summary>Assertions of the kits, which know no test framework.</summary>
internal static class Demand
{
    public static void That(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] BrokenLaw message)
    {
        if (!holds) throw new ConformanceException(message.ToString());
    }

    public static TException Throws<TException>(Action action, string what) where TException : Exception
    {
        try
        {
            action();
        }
        catch (TException expected)
        {
            return expected;
        }
        catch (Exception other)
        {
            throw new ConformanceException($"{what}: expected a {typeof(TException).Name}, got {other.GetType().Name}: {other.Message}", other);
        }

        throw new ConformanceException($"{what}: expected a {typeof(TException).Name}, nothing was thrown.");
    }
}

/// <summary>A message that is composed only if its law is broken.</summary>
[InterpolatedStringHandler]
internal ref struct BrokenLaw
{
    private DefaultInterpolatedStringHandler _text;

    public BrokenLaw(int literalLength, int formattedCount, bool holds, out bool isNeeded)
    {
        isNeeded = !holds;
        _text = holds ? default : new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public override string ToString() => _text.ToStringAndClear();
}
