"""The gateway (数据网关): the one way to rows, by table, file or SQL, ruled and receipted."""
