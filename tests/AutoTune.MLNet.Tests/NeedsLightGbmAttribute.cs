namespace AutoTune.MLNet.Tests;

/// <summary>Skips a test, and says so, where LightGBM cannot run.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class NeedsLightGbmAttribute : ConditionBaseAttribute
{
    public NeedsLightGbmAttribute() : base(ConditionMode.Include) => IgnoreMessage = "skipped: LightGBM needs libgomp.so.1";

    public override string GroupName => "LightGBM";

    public override bool IsConditionMet => LightGbmLibrary.IsAvailable;}
