using System.Collections.Immutable;

namespace AutoTune.Execution;

/// <summary>Messages as bytes: a number for the kind, then the fields in order. Both ends are the same program, so there are no versions.</summary>
internal static class MessageCodec
{
    private enum Kind : byte { Hello, Recall, Reported, Declares, Ended, Cancelled, Alive, Evaluate, Cancel, Directed, Declared, Refused, Recalled }

    private enum Ending : byte { Completed, Stopped, Paused, Failed }

    private enum DomainKind : byte { Real, Integer, Choice }

    public static void Write(BinaryWriter to, WorkerMessage message)
    {
        switch (message)
        {
            case WorkerMessage.Hello m: Begin(Kind.Hello); WriteTexts(to, m.Definition); to.Write(m.Hyperparameters); break;
            case WorkerMessage.Recall m: Begin(Kind.Recall); to.Write(m.Study.Name); to.Write(m.Study.Opening); break;
            case WorkerMessage.Reported m: Begin(Kind.Reported); to.Write(m.Report.Trial.Number); to.Write(m.Report.Step); to.Write(m.Report.Loss); break;
            case WorkerMessage.Declares m: Begin(Kind.Declares); WriteDeclaration(to, m.Declaration); break;
            case WorkerMessage.Ended m: Begin(Kind.Ended); WriteOutcome(to, m.Outcome); WriteTexts(to, m.SpaceProblems); break;
            case WorkerMessage.Cancelled: Begin(Kind.Cancelled); break;
            case WorkerMessage.Alive: Begin(Kind.Alive); break;
            case WorkerMessage.Evaluate m:
                Begin(Kind.Evaluate);
                to.Write(m.Trial.Number);
                WriteMany(to, m.NewHyperparameters, declaration => WriteDeclaration(to, declaration));
                WriteMany(to, m.Codes, to.Write);
                to.Write(m.Goal.Metric);
                to.Write(m.Goal.IsMaximized);
                to.Write(m.Budget ?? -1);
                to.Write(m.ResumeAfterStep);
                to.Write(m.Seed);
                to.Write(m.ArtifactDirectory);
                to.Write(m.ArtifactLimit ?? -1);
                break;
            case WorkerMessage.Cancel m: Begin(Kind.Cancel); to.Write(m.Trial.Number); break;
            case WorkerMessage.Directed m: Begin(Kind.Directed); to.Write((byte)m.Directive.Action); to.Write(m.Directive.Reason); break;
            case WorkerMessage.Declared m: Begin(Kind.Declared); to.Write(m.Code); break;
            case WorkerMessage.Refused m: Begin(Kind.Refused); to.Write(m.Message); to.Write(m.HasEnded); WriteTexts(to, m.SpaceProblems); break;
            case WorkerMessage.Recalled m:
                Begin(Kind.Recalled);
                to.Write((byte)m.Study.State);
                WriteTexts(to, [.. m.Study.Facts]);
                to.Write(m.Study.StopReason);
                to.Write(m.Study.HasFailed);
                break;
            default: throw new System.Diagnostics.UnreachableException();
        }

        void Begin(Kind kind) => to.Write((byte)kind);
    }

    /// <exception cref="InvalidDataException">The kind is unknown.</exception>
    public static WorkerMessage Read(BinaryReader from)
    {
        var kind = (Kind)from.ReadByte();
        return kind switch
        {
            Kind.Hello => new WorkerMessage.Hello(ReadTexts(from), from.ReadInt32()),
            Kind.Recall => new WorkerMessage.Recall(new StudyAddress(from.ReadString(), from.ReadInt32())),
            Kind.Reported => new WorkerMessage.Reported(new TrialReport(ReadTrial(from), from.ReadInt32(), from.ReadDouble())),
            Kind.Declares => new WorkerMessage.Declares(ReadDeclaration(from)),
            Kind.Ended => new WorkerMessage.Ended(ReadOutcome(from), ReadTexts(from)),
            Kind.Cancelled => new WorkerMessage.Cancelled(),
            Kind.Alive => new WorkerMessage.Alive(),
            Kind.Evaluate => new WorkerMessage.Evaluate(ReadTrial(from), ReadMany(from, () => ReadDeclaration(from)), ReadMany(from, from.ReadDouble),
                new Goal(from.ReadString(), from.ReadBoolean()), from.ReadInt32() is >= 0 and var budget ? budget : null, from.ReadInt32(), from.ReadInt64(), from.ReadString(),
                from.ReadInt64() is >= 0 and var limit ? limit : null),
            Kind.Cancel => new WorkerMessage.Cancel(ReadTrial(from)),
            Kind.Directed => new WorkerMessage.Directed(new Directive((DirectiveAction)from.ReadByte(), from.ReadString())),
            Kind.Declared => new WorkerMessage.Declared(from.ReadDouble()),
            Kind.Refused => new WorkerMessage.Refused(from.ReadString(), from.ReadBoolean(), ReadTexts(from)),
            Kind.Recalled => new WorkerMessage.Recalled(new EarlierStudy((EarlierStudyState)from.ReadByte(), ReadTexts(from), from.ReadString(), from.ReadBoolean())),
            _ => throw new InvalidDataException($"a message of kind {(byte)kind} is unknown"),
        };
    }

    private static void WriteOutcome(BinaryWriter to, TrialOutcome outcome)
    {
        switch (outcome)
        {
            case TrialOutcome.Completed completed:
                to.Write((byte)Ending.Completed);
                to.Write(completed.Loss);
                WriteNumbers(to, completed.Metrics);
                WriteNumbers(to, completed.Gradient);
                break;
            case TrialOutcome.Stopped stopped: to.Write((byte)Ending.Stopped); to.Write(stopped.AtStep); to.Write(stopped.Reason); break;
            case TrialOutcome.Paused paused: to.Write((byte)Ending.Paused); to.Write(paused.AtStep); to.Write(paused.Reason); break;
            case TrialOutcome.Failed { Error: var error } failed:
                to.Write((byte)Ending.Failed);
                to.Write(error.Type);
                to.Write(error.Message);
                to.Write(error.Details);
                to.Write(failed.IsRetryable);
                break;
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    private static TrialOutcome ReadOutcome(BinaryReader from) => (Ending)from.ReadByte() switch
    {
        Ending.Completed => new TrialOutcome.Completed(from.ReadDouble(), ReadNumbers(from)) { Gradient = ReadNumbers(from) },
        Ending.Stopped => new TrialOutcome.Stopped(from.ReadInt32(), from.ReadString()),
        Ending.Paused => new TrialOutcome.Paused(from.ReadInt32(), from.ReadString()),
        Ending.Failed => new TrialOutcome.Failed(new TrialError(from.ReadString(), from.ReadString(), from.ReadString()), from.ReadBoolean()),
        var other => throw new InvalidDataException($"an outcome of kind {(byte)other} is unknown"),
    };

    private static void WriteDeclaration(BinaryWriter to, HyperparameterDeclaration declaration)
    {
        to.Write(declaration.Name);
        to.Write(declaration.DefaultCode);
        switch (declaration.Domain)
        {
            case RealDomain real:
                to.Write((byte)DomainKind.Real);
                to.Write(real.Low);
                to.Write(real.High);
                to.Write((byte)real.Scale);
                to.Write(real.Step ?? double.NaN);
                break;
            case IntegerDomain integer:
                to.Write((byte)DomainKind.Integer);
                to.Write(integer.Low);
                to.Write(integer.High);
                to.Write((byte)integer.Scale);
                to.Write(integer.Step);
                break;
            case ChoiceDomain choice:
                to.Write((byte)DomainKind.Choice);
                WriteTexts(to, choice.Labels);
                to.Write(choice.Ordered);
                break;
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    private static HyperparameterDeclaration ReadDeclaration(BinaryReader from)
    {
        var (name, defaultCode) = (from.ReadString(), from.ReadDouble());
        return new HyperparameterDeclaration(name, (DomainKind)from.ReadByte() switch
        {
            DomainKind.Real => new RealDomain(from.ReadDouble(), from.ReadDouble(), (Scale)from.ReadByte(), from.ReadDouble() is var step && double.IsNaN(step) ? null : step),
            DomainKind.Integer => new IntegerDomain(from.ReadInt32(), from.ReadInt32(), (Scale)from.ReadByte(), from.ReadInt32()),
            DomainKind.Choice => new ChoiceDomain(ReadTexts(from), from.ReadBoolean()),
            var other => throw new InvalidDataException($"a domain of kind {(byte)other} is unknown"),
        }, defaultCode);
    }

    private static void WriteNumbers(BinaryWriter to, ImmutableSortedDictionary<string, double> numbers)
        => WriteMany(to, [.. numbers], entry => { to.Write(entry.Key); to.Write(entry.Value); });

    private static ImmutableSortedDictionary<string, double> ReadNumbers(BinaryReader from)
        => ReadMany(from, () => KeyValuePair.Create(from.ReadString(), from.ReadDouble())).ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static TrialId ReadTrial(BinaryReader from) => new(from.ReadInt32());

    private static void WriteTexts(BinaryWriter to, ImmutableArray<string> texts) => WriteMany(to, texts, to.Write);

    private static ImmutableArray<string> ReadTexts(BinaryReader from) => ReadMany(from, from.ReadString);

    private static void WriteMany<T>(BinaryWriter to, ImmutableArray<T> items, Action<T> write)
    {
        to.Write(items.Length);
        foreach (var item in items) write(item);
    }

    private static ImmutableArray<T> ReadMany<T>(BinaryReader from, Func<T> read)
    {
        // Not made as large as the number says: a damaged one must not take all the memory.
        var items = ImmutableArray.CreateBuilder<T>();
        for (var left = from.ReadInt32(); left > 0; left--) items.Add(read());
        return items.ToImmutable();
    }
}
