using System.Reflection;
using AutoTune.Execution;

namespace AutoTune.Kernel.Tests.Execution;

[TestClass]
public sealed class MessagePipeTests
{
    private static readonly TrialError Error = new("Type", "Message", "Details");

    public static IEnumerable<object[]> Messages => new WorkerMessage[]
    {
        new WorkerMessage.Hello(["minimize loss", "seed 1"], 3),
        new WorkerMessage.Recall(new StudyAddress("a;b ü", 2)),
        new WorkerMessage.Reported(new TrialReport(new TrialId(7), 3, -0.1)),
        new WorkerMessage.Declares(new HyperparameterDeclaration("rate", new RealDomain(1e-300, 1e300, Scale.Log), 1)),
        new WorkerMessage.Declares(new HyperparameterDeclaration("rate", new RealDomain(0, 1, Scale.Linear, 0.25), 0.5)),
        new WorkerMessage.Declares(new HyperparameterDeclaration("width", new IntegerDomain(1, int.MaxValue, Scale.Log), 8)),
        new WorkerMessage.Declares(new HyperparameterDeclaration("kind", new ChoiceDomain(["a", ""], Ordered: true), 1)),
        new WorkerMessage.Ended(new TrialOutcome.Completed(1.5, new TrialValues(0).With("b", double.NaN).With("a", double.MaxValue).Metrics), []),
        new WorkerMessage.Ended(new TrialOutcome.Completed(1.5, new TrialValues(0).Metrics) { Gradient = new TrialValues(0).WithGradient("b", double.NaN).WithGradient("a", -0.0).Gradient }, []),
        new WorkerMessage.Ended(new TrialOutcome.Stopped(3, "why"), []),
        new WorkerMessage.Ended(new TrialOutcome.Paused(4, "later"), []),
        new WorkerMessage.Ended(new TrialOutcome.Failed(Error, true), ["one", "two"]),
        new WorkerMessage.Cancelled(),
        new WorkerMessage.Alive(),
        new WorkerMessage.Evaluate(new TrialId(1), [new HyperparameterDeclaration("x", new RealDomain(0, 1, Scale.Linear), 0)], [0.5, double.NaN], new Goal("accuracy", true), null, 2, long.MinValue, "/tmp/ä", 12),
        new WorkerMessage.Evaluate(new TrialId(1), [], [], new Goal("loss", false), 0, 0, 1, "", null),
        new WorkerMessage.Cancel(new TrialId(8)),
        new WorkerMessage.Directed(Directive.Pause("later")),
        new WorkerMessage.Declared(double.Epsilon),
        new WorkerMessage.Refused("no", true, ["a"]),
        new WorkerMessage.Recalled(new EarlierStudy(EarlierStudyState.Ended, ["{}"], "all done", true)),
    }.Select(message => new object[] { message });

    [TestMethod]
    [DynamicData(nameof(Messages))]
    public void Message_WrittenAndRead_IsTheSame(object message)
    {
        var bytes = new MemoryStream();
        using (var writer = new MessagePipe(new MemoryStream(), bytes)) writer.Write((WorkerMessage)message);
        using var reader = new MessagePipe(new MemoryStream(bytes.ToArray()), new MemoryStream());

        Assert.AreEqual(Text(message), Text(reader.Read()!));
        Assert.IsNull(reader.Read());
    }

    [TestMethod]
    [DataRow(new byte[] { 0, 0, 0, 0 }, "a message says it has 0 bytes; there are 1 to 268435456")]
    [DataRow(new byte[] { 255, 255, 255, 255 }, "a message says it has -1 bytes; there are 1 to 268435456")]
    [DataRow(new byte[] { 72, 101, 108, 108, 111 }, "a message says it has 1819043144 bytes; there are 1 to 268435456")]
    [DataRow(new byte[] { 1, 0 }, "the pipe ended within a message")]
    [DataRow(new byte[] { 2, 0, 0, 0, 6 }, "the pipe ended within a message")]
    [DataRow(new byte[] { 2, 0, 0, 0, 6, 6 }, "a message of 2 bytes has 1 too many")]
    [DataRow(new byte[] { 1, 0, 0, 0, 99 }, "a message of kind 99 is unknown")]
    [DataRow(new byte[] { 3, 0, 0, 0, 2, 1, 1 }, "a message of 3 bytes cannot be read: ")]
    public void Read_WhatIsNoMessage_SaysSo(byte[] bytes, string problem)
    {
        using var pipe = new MessagePipe(new MemoryStream(bytes), new MemoryStream());

        Assert.StartsWith(problem, Assert.ThrowsExactly<InvalidDataException>(pipe.Read).Message);
    }

    /// <summary>Everything in a message: arrays and dictionaries do not compare by what they hold.</summary>
    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        System.Collections.IEnumerable many => $"[{string.Join(", ", many.Cast<object>().Select(Text))}]",
        double number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        IFormattable or bool => value.ToString()!,
        _ when value.GetType().Namespace!.StartsWith("AutoTune", StringComparison.Ordinal) || value.GetType().Name.StartsWith("KeyValuePair", StringComparison.Ordinal)
            => $"{value.GetType().Name}({string.Join(", ", value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0).Select(p => $"{p.Name}={Text(p.GetValue(value))}"))})",
        _ => value.ToString()!,
    };
}
