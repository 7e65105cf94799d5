using System.Runtime.ExceptionServices;
using AutoTune.Tuning;

namespace AutoTune.Tuners.Hybrid;

/// <summary>In the place of a tuner that could not be made for the study's space: says why whenever it is its turn.</summary>
internal sealed class CannotBegin(Exception error) : ITuner
{
    public Proposal Ask(AskRequest request)
    {
        ExceptionDispatchInfo.Throw(error);
        return null;
    }

    public void Tell(Trial trial) { }
}
